"""Words that may be used for each other in questions about web services; none is there for one code base."""

from __future__ import annotations

from conduit.introspect.words import stem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: Words that may be used for each other, a line a meaning. One that stands in several lines has all of them.
_MEANINGS = """
authenticate auth login signin sign token jwt bearer credential identity guard protect secure verified session
authorize auth permission role scope admin allow forbid access privilege guard
user account member person principal customer
create add new insert post register save store submit make place put
read get fetch load retrieve show look
list get all search browse index
search find query lookup
update change edit modify patch put alter replace
delete remove drop destroy erase purge clear
cancel abort revoke stop
error exception fail failure raise problem reject refuse deny
404 unknown nonexistent
409 overlap collide clash
404 missing notfound absent unknown
204 nothing content
201 created
fallback unknown otherwise nowhere
robot crawler bot spider
price cheap expensive least
shutdown end stop close finish
startup begin first
401 unauthorized unauthenticated
403 forbidden
409 conflict duplicate already
422 unprocessable invalid
429 throttle rate limit
500 internal
validate constraint bound range minimum maximum regex enforce invalid verify check limit
test client fixture pytest unittest
schema model class type dto structure shape payload field body
route endpoint url path api address
handler view controller function
middleware intercept wrap hook around before
provide depends inject
database session connection db sql transaction engine
configure setting environment option env
log trace audit record
upload file attachment document image
download file export
page limit offset cursor
health ready live ping alive
background job task worker queue schedule async
stream sse websocket event
tool mcp model assistant agent
prompt template completion
price cost amount total
pay charge bill invoice checkout
send deliver notify notification dispatch post publish emit
email message
body json payload
response answer reply return
header cookie
cors origin cross
time duration latency timing elapsed
count total number sum
start startup lifespan boot
shutdown close
group prefix blueprint router include
tag label
note comment remark
picture image photo avatar
product item article goods
shop store
version release
buy purchase order checkout cart basket sell sale
stock inventory quantity amount left available
keep remember persist store save repository storage
own owner author belong creator
crash fault wrong break bug error
title name rename
archive restore
share publish public visible
invite join member
reply comment answer message
slow fast duration latency time long
size large big length byte heavy weight
empty blank missing
sort order rank
money currency price
alive up health
greet hello welcome
calculate compute sum total
convert translate transform
plan calendar schedule date
begin launch start run
anonymous public outsider caller auth
many much count number
pick choose select
show display render view print
logout signout revoke expire
signup register enroll subscribe
share grant collaborate invite
copy duplicate clone
move transfer relocate
merge combine
split divide cut chunk
compare diff
count tally number many
compute calculate determine
add sum plus
parse decode interpret
encode serialize dump format
ensure verify check confirm assert
cap limit restrict throttle maximum quota
wait delay sleep pause
retry repeat again
start launch boot init setup prepare startup
stop close shutdown teardown cleanup
connect open attach
follow watch listen observe subscribe
notify alert warn inform tell
measure time profile metric statistic report
statistic stat metric figure count report analytics
buy purchase order checkout
refund return reimburse
ship deliver send
vote rate star like favourite
tag label category topic
import ingest load
export download dump
ask question query prompt
remember memory cache store
forget evict expire clear
version info about
team organisation organization company tenant workspace
price cost fee money currency
discount tax
item thing product article entry record object
list collection catalogue catalog all
message chat conversation thread
comment reply remark say
visible read see view shown
note memo document text content
picture image photo icon avatar thumbnail
audio sound voice speech
place location city address region
date day time hour clock calendar
folder directory
secret key password credential token
mistake problem failure bug crash error
input body payload form
output response result answer
page offset skip slice batch
short small minimum length
long big maximum length size
random dice
owner mine own belong author
anonymous public outsider
name title call
quantity stock amount left available
unique duplicate conflict twice
correct valid
wrong invalid bad
old age expire
deploy release publish
admin administrator staff operator manager superuser
disable block ban suspend lock
enable activate unlock
approve accept confirm
reject decline refuse deny
history log revision change
trash bin delete archive restore undo
"""


def _synonyms() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _MEANINGS.strip().splitlines():
        group = [stem(one) for one in line.split()]
        head, *others = group
        found.setdefault(head, set()).update(others)
        for one in others:
            found.setdefault(one, set()).update(group)
    return {one: frozenset(others - {one}) for one, others in found.items()}


SYNONYMS = _synonyms()

__all__ = ["SYNONYMS"]
