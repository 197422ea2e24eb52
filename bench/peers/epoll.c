/* The kernel's price of a request: one thread, one epoll, a fixed answer for every blank line that comes in.
   It parses nothing else, so nothing that answers over a socket can be cheaper. `epoll PORT` */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static const char ANSWER[] =
    "HTTP/1.1 200 OK\r\nserver: epoll\r\ndate: Sat, 01 Jan 2000 00:00:00 GMT\r\n"
    "content-type: application/json\r\ncontent-length: 27\r\n\r\n{\"message\":\"Hello, World!\"}";

enum { LENGTH = sizeof ANSWER - 1, MOST = 64, SIZE = 65536 };

static int listening(int port)
{
    struct sockaddr_in address = {AF_INET, htons(port), {htonl(INADDR_LOOPBACK)}, {0}};
    int one = 1, server = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(server, (struct sockaddr *)&address, sizeof address) || listen(server, 4096)) exit(2);
    return server;
}

/* 0 where the connection is at its end. */
static int answer(int client)
{
    static char asked[SIZE], answers[LENGTH * MOST];
    ssize_t size = read(client, asked, SIZE);
    if (size <= 0) return 0;
    int count = 0;
    for (char *at = asked; (at = memmem(at, asked + size - at, "\r\n\r\n", 4)); at += 4)
        if (count < MOST) memcpy(answers + LENGTH * count++, ANSWER, LENGTH);
    return !count || write(client, answers, LENGTH * count) == LENGTH * count;
}

int main(int count, char **words)
{
    if (count != 2) return 2;
    signal(SIGPIPE, SIG_IGN);
    int one = 1, server = listening(atoi(words[1])), loop = epoll_create1(0);
    struct epoll_event event = {EPOLLIN, {.fd = server}}, ready[256];
    epoll_ctl(loop, EPOLL_CTL_ADD, server, &event);
    for (;;) {
        int found = epoll_wait(loop, ready, 256, -1);
        for (int i = 0; i < found; i++) {
            int client = ready[i].data.fd;
            if (client != server) {
                if (!answer(client)) close(client);
            } else if ((client = accept4(server, 0, 0, SOCK_NONBLOCK)) >= 0) {
                setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                event = (struct epoll_event){EPOLLIN, {.fd = client}};
                epoll_ctl(loop, EPOLL_CTL_ADD, client, &event);
            }
        }
    }
}
