"""Two hundred strings of ordinary programs; none is a secret."""

WORDS = """\
antidisestablishmentarianism|Donaudampfschifffahrtsgesellschaft|pneumonoultramicroscopicsilicovolcanoconiosis
supercalifragilisticexpialidocious|internationalization_and_localization|AbstractSingletonProxyFactoryBean
HTTPSConnectionPoolManagerFactory|get_user_by_email_address_or_404|MAX_CONNECTIONS_PER_HOST_AND_PORT
test_input_required_result_elicitation_2025|conduit.http.serving.behind_middleware|x-forwarded-for-original
sk-learn-contrib-imbalanced|sk-folding-cube-container|pk-primary-key-constraint-name|key-value-store-adapter
users_2024_q3_export_final_v2|report-2026-11-20T10-00-00Z.csv|backup_20261120_103000.tar.gz|IMG_20260131_120000.jpg
python-3.11.7-amd64.exe|msgspec-0.20.0-cp311-cp311-manylinux_2_17_x86_64.whl|Qwen3-4B-Instruct-2507-FP8
meta-llama/Llama-3.1-8B-Instruct|sentence-transformers/all-MiniLM-L6-v2|mistralai/Mixtral-8x7B-Instruct-v0.1
text-embedding-3-large|claude-3-5-sonnet-20241022|gpt-4o-mini-2024-07-18|stabilityai/stable-diffusion-xl-base-1.0
urn:ietf:params:oauth:grant-type:device_code|application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
application/problem+json; charset=utf-8|multipart/form-data; boundary=frontier|text/html;q=0.9,*/*;q=0.8
us-east-1a-private-subnet-group|eu-central-1.compute.internal|ip-10-0-0-1.ec2.internal|shop-api-7d9f5b
"""
IDS = """\
123e4567-e89b-12d3-a456-426614174000|f47ac10b-58cc-4372-a567-0e02b2c3d479|00000000-0000-0000-0000-000000000000
8094d7dcf1b34a2e9d6c5b8a7f0e1d2c3b4a5968|77cbeac|6ab01f5e|da39a3ee5e6b4b0d3255bfef95601890afd80709
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855|ORDER-2026-000123|INV/2026/11/0042
sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855|978-3-16-148410-0|DE89-2026-11
sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC|1.2.3-beta.4+build.5|v2.0.0-rc.1
"""
PLACES = """\
https://example.com:8080/users/{id}|https://docs.python.org/3/library/asyncio-task.html#asyncio.timeout
https://github.com/encode/uvicorn/blob/master/uvicorn/protocols/http/httptools_impl.py|http://localhost:8000/healthz
https://api.example.com/v1/search?q=blue+shoes&page=2&sort=-price|mailto:help@example.com|/etc/ssl/certs/ca.pem
postgresql://localhost/shop|redis://cache:6379/0|mongodb://db.internal:27017/shop?replicaSet=rs0
postgresql://{user}:{password}@db/shop|https://user@example.com/repo.git|ws://localhost:8000/ws/chat
/api/v1/organizations/{organization_id}/projects/{project_id}/environments|assets/images/logo-2x.png
s3://bucket-name/path/to/object-2026.parquet|file:///var/lib/app/data.db|ssh://git@example.com/x.git
data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg
"""
STYLES = """\
body { margin: 0 auto; max-width: 60rem; font: 16px/1.5 system-ui }|.btn-primary:hover { color: #1b1d23 }
linear-gradient(90deg, #ff8a00 0%, #e52e71 100%)|grid-template-columns: repeat(auto-fit, minmax(200px, 1fr))
<div class="flex items-center justify-between px-4 py-2">|<input type="password" name="password" required>
SELECT id, name FROM users WHERE email = %s ORDER BY created_at DESC LIMIT 10|^[a-z0-9]+(?:-[a-z0-9]+)*$
^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$|%Y-%m-%dT%H:%M:%S.%f%z|{"type": "object", "required": ["name"]}
"""
SENTENCES = """\
The quick brown fox jumps over 13 lazy dogs.|Hello, World!|Password must have at least 12 characters.
token: the caller's own token|Returns an access token for the user.|The secret of success is patience.
password: str|password=None and token=...|secret={CONDUIT_SECRET}|password = os.environ['PASSWORD']
Forgot your password? Reset it here.|Give the API key in the header X-API-Key.|api_key: str = Field(...)
Use basic auth or bearer tokens.|Authorization: Bearer <token>|The bearer of this message is trusted.
Basic example|Tokens are counted by the model; a token is about four characters.|passphrase is required
The key is the user's id.|Primary key: id|Keyboard shortcuts|Monkey patching is discouraged.
max_tokens=1024|tokenizer = AutoTokenizer|next_token: Optional[str]|csrf_token is missing
"""


def strings() -> list[str]:
    """All of them, and what programs make by counting."""
    found = [
        one
        for group in (WORDS, IDS, PLACES, STYLES, SENTENCES)
        for line in group.splitlines()
        for one in line.split("|")
        if one
    ]
    found += [f"GET /v{n}/resources/{{id:int}}/items" for n in range(10)]
    found += [f"item_{n:06d}_description_text" for n in range(0, 1000, 100)]
    found += [f"Error {code}: the request could not be completed" for code in range(400, 420)]
    found += [f"{n:08x}-0000-4000-8000-{n * 7919:012x}" for n in range(1, 40)]
    found += [f"2026-{month:02d}-01T00:00:00+00:00" for month in range(1, 13)]
    return found
