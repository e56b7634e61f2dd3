/* What the files of core/http share.
 * The rule: server.c alone knows CivetWeb; everybody else sees a head that was parsed and a wire to read and write.
 */
#ifndef CURB_HTTP_INSIDE_H
#define CURB_HTTP_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/buf.h"
#include "curb/db.h"
#include "curb/request.h"
#include "http.h"
#include "needs.h"
#include "people.h"

enum {
	HTTP_HEADERS_MAX = 64,
	HTTP_HEAD_MAX = 16384,
	HTTP_PARAMS_MAX = 8,
	HTTP_SEGMENTS_MAX = 24,
	HTTP_MEMORY_BODY = 65536, /* larger raw bodies are spooled */
	HTTP_REQ_MAGIC = 0x52657131
};

/* ---- the head of a request, as it came ---- */
struct http_header {
	struct curb_str name, value;
};

struct http_head {
	struct curb_str method, target, query,
		version; /* target: undecoded path; query: absent without '?' */
	struct http_header headers[HTTP_HEADERS_MAX];
	size_t count;
	struct curb_str address; /* of the client */
	int64_t length;          /* of the body; 0 without one, -1 when chunked */
};

/* First header of that name; absent when there is none. */
struct curb_str head_get(const struct http_head *head, const char *name);
/* True when a comma-separated header has the word, letters folded. */
bool head_has_word(const struct http_head *head, const char *name, const char *word);
/* guard.c: 0 and head->length, or CURB_EINVAL for what could be read in two ways. */
int guard_head(struct http_head *head);

/* ---- the wire (server.c) ---- */
struct wire; /* a connection while its thread is inside our callback */
/* Bytes read, 0 at the end of the body, negative when it broke off. */
int wire_read(struct wire *wire, void *bytes, size_t size);
/* All of it: true. */
bool wire_write(struct wire *wire, const void *bytes, size_t size);
/* The connection's socket, or -1 when it cannot be told: valid until the callback returns. */
int wire_socket(struct wire *wire);
/* Whether this thread, when it is woken, lets whoever runs go on. Those that wait for the writer do: it wakes hundreds of
 * them, and pushed aside by each it commits small groups. Those that send files do not: their sockets would run dry. */
void thread_gives_way(bool gives);
/* No further request on this connection. */
void wire_close_after(struct wire *wire);
/* From now on the watchdog cuts the connection at `deadline_ms` (curb_tick_ms); 0: no more. Cut while reading, it can
 * still be answered. */
enum wire_way { WIRE_READING, WIRE_SENDING };
void wire_watch(struct wire *wire, int64_t deadline_ms, enum wire_way way);

/* ---- routes (router.c) ---- */
struct route {
	const struct curb_route *row;
	struct curb_host *host;
	void *state;
	bool bare; /* needs no permit and no session: health, metrics, assets */
	struct curb_str names[HTTP_PARAMS_MAX];
	char what[64]; /* "GET /api/v1/courses/:id", for logs and the supervisor */
};

struct router;
struct router *router_new(void);
void router_free(struct router *router);
/* CURB_EINVAL names the route: without role or scope, path that cannot be, twice the same. */
int router_add(struct router *router, const struct route *route);
/* Sorts; nothing is added afterwards. */
void router_seal(struct router *router);
/* Every route, by its path. */
void router_each(const struct router *router, void (*fn)(void *arg, const struct route *route), void *arg);

struct route_match {
	const struct route *route; /* NULL: method not there */
	struct curb_str params[HTTP_PARAMS_MAX];
	char allow[96]; /* methods of the address, for Allow */
};
/* `segments` are decoded. CURB_ENOTFOUND, CURB_EMETHOD (allow is set). */
int router_find(const struct router *router, struct curb_str method, const struct curb_str *segments,
                size_t count, struct route_match *ret_match);
/* table.c: the routes of core, plugins and http itself. */
int table_build(struct http *http, const struct http_routes *own);
extern const struct curb_route own_routes[]; /* own.c */

/* ---- addresses and forms (forms.c) ---- */
/* Splits and decodes a path into at most HTTP_SEGMENTS_MAX segments. CURB_EINVAL, CURB_ENOTFOUND (too deep). */
int path_split(struct curb_arena *arena, struct curb_str target, struct curb_str *ret_segments, size_t *ret_n,
               struct curb_str *ret_path);
/* An object of strings; names ending in [] become arrays. CURB_EINVAL, CURB_ETOOBIG. */
int form_urlencoded(struct curb_arena *arena, struct curb_str text, struct curb_value **ret_value);
int form_multipart(struct curb_arena *arena, struct curb_str type, struct curb_str body,
                   struct curb_value **ret_value);
/* The fields in front of a form's first file, and that file; `body` is the beginning of the form. */
struct form_file {
	struct curb_str name, mark; /* name is absent when there is no file; mark ends it, in front of "--" */
	size_t from;                /* of its bytes in the form */
};
int form_until_file(struct curb_arena *arena, struct curb_str type, struct curb_str body,
                    struct form_file *ret_file, struct curb_value **ret_value);
/* The same fields of a form that is not well-formed text, made legible, to show them to whoever typed them; and the name
 * of the first that was not, absent when all were. */
struct curb_value *form_legible(struct curb_arena *arena, struct curb_str text, struct curb_str *ret_bad);
/* The value of a cookie; absent when it is not sent or sent twice with different values. */
struct curb_str cookie_find(const struct http_head *head, const char *name);

/* ---- permits (permits.c) ---- */
struct curb_worker {
	struct store_reader *reader;
	struct curb_worker *next;
};
struct permits;
int permits_new(struct curb_store *store, int count, int for_hours, int wait_ms,
                struct permits **ret_permits);
void permits_free(struct permits *permits);
/* CURB_EBUSY when none comes free in time. */
int permits_take(struct permits *permits, enum curb_lane lane, struct curb_worker **ret_worker);
void permits_give(struct permits *permits, enum curb_lane lane, struct curb_worker *worker);

/* ---- replies (reply.c, head.c, problem.c) ---- */
struct reply_file {
	char sha256[65];
	int fd; /* -1: opened again when it is sent */
	uint64_t size;
};
struct reply_piece {
	size_t file; /* index behind the files, or SIZE_MAX: bytes of `body` */
	uint64_t offset, length;
};
struct reply {
	bool made;
	int status;
	struct curb_buf headers; /* "Name: value\r\n"… */
	struct curb_buf body;
	char type[96];      /* "" none */
	char etag[80];      /* quoted; "" none */
	const char *coding; /* Content-Encoding; NULL none. Ranges are of the coded bytes */
	bool page, immutable, in_pieces, has_cache_control, has_form_cookie;
	struct reply_piece *pieces;
	size_t piece_count, piece_room;
	struct reply_file *files;
	size_t file_count, file_room;
	uint64_t total;
};
void reply_init(struct reply *reply);
void reply_free(struct reply *reply);
/* Forgets status, body and pieces; keeps the headers. */
void reply_clear(struct reply *reply);
/* The reply as it is kept for repeats by Idempotency-Key (texts are the reply's or `arena`), and back. */
int reply_pack(const struct reply *reply, struct curb_arena *arena, struct store_answer *ret_answer);
int reply_unpack(struct reply *reply, const struct store_answer *answer);
/* The members that every page's model has. */
void page_model(struct curb_req *req, struct curb_value *model);
/* The address that was asked for, with its query. Arena. */
struct curb_str asked_address(struct curb_req *req);
/* Makes the reply of an error: problem+json or a page. Logs CURB_EINTERNAL. `status` 0: that of err. */
void reply_error(struct curb_req *req, int err, int status);
enum { NO_LENGTH = -1 };
/* head.c: status line and headers into `out`; `length` NO_LENGTH: none is said. `extra`: whole lines, may be "". */
void head_write(const struct curb_req *req, int status, int64_t length, const char *type, const char *extra,
                struct curb_buf *out);
const char *head_reason(int status);

/* ---- Range and conditions (range.c, conditions.c): pure ---- */
enum { RANGES_MAX = 16 };
struct byte_range {
	uint64_t from, to; /* to is behind the last byte */
};
/* Number of ranges; 0: send all; -1: none can be satisfied (416). */
int range_parse(struct curb_str header, uint64_t size, struct byte_range ret_ranges[static RANGES_MAX]);
bool if_range_holds(struct curb_str if_range, const char *etag);
/* 0: go on; 304 or 412. */
int conditions_check(const struct http_head *head, bool safe, const char *etag);

/* ---- the coding of an answer (coding.c): pure ---- */
/* True when the client says that it takes gzip, at least as gladly as the bytes as they are (RFC 9110, 12.5.3). One that says
 * nothing about it, as old browsers do, gets the bytes as they are. So does one that refuses these and takes no gzip either:
 * a page without its sheet helps nobody. */
bool coding_takes_gzip(const struct http_head *head);

/* ---- sending (send.c) ---- */
void send_reply(struct curb_req *req);

/* ---- who asks (session.c, csrf.c) ---- */
/* Once a request; needs the permit. CURB_EAUTH for a bearer token that is not good; a stale cookie is nobody's. */
int session_find(struct curb_req *req);
int session_admit(struct curb_req *req);
void session_language(struct curb_req *req);
int csrf_check(struct curb_req *req);
/* True when the browser says that a page of ours sent this. */
bool csrf_own_page(struct curb_req *req);
/* The token for forms of this request; sets the anonymous cookie when it is needed. Arena. */
struct curb_str csrf_token(struct curb_req *req);
/* "https://host" as browsers see us; arena. */
struct curb_str own_origin(struct curb_req *req);
/* The path and query of the page of ours that the browser says it comes from; absent when it names none, or another site's. */
struct curb_str own_page_before(struct curb_req *req);

/* ---- what helps the one who asks (needs.c) ---- */
struct req_needs {
	bool known, of_person; /* of_person: what is kept with the person was looked for */
	bool offer;            /* what the browser was told before she signed in may be kept with her */
	struct needs now;
	/* What pages follow: `now`, but of a preset alone when an author looks as such a learner. */
	struct needs shown;
	struct needs_kept kept;
	struct curb_needs effect;
};
/* Reads it once; as long as no permit is held, only what the browser was told. */
void needs_load(struct curb_req *req);
/* What the layout follows, with the address that the page for it leads back to: the page's needs_back, else its path.
 * Arena. */
struct curb_value *needs_model(struct curb_req *req, const struct curb_value *page);
/* At sign-in on a device that others use, what its browser was told ends with the browser; it goes when she leaves. */
void needs_of_device(struct curb_req *req, bool leaves, bool shared_device);

/* ---- the request ---- */
struct body {
	struct curb_buf bytes;
	int fd;
	uint64_t size;
	bool cut; /* the line broke; what came is here */
};

struct curb_req {
	uint32_t magic;
	struct http *http;
	struct http_head *head;
	struct wire *wire;
	struct curb_arena *arena;
	struct curb_worker *worker; /* NULL while none is held */
	struct curb_tx *tx;
	struct curb_tx *writing; /* while an answer is made that is kept with its write */
	struct route_match match;
	struct curb_str path;
	struct body body;
	struct curb_value *value, *query;
	struct form_file file; /* of a form on a route that takes raw bodies */
	bool value_known, head_only, close, body_done, session_known, signed_in, by_token, bad_expect;
	bool overlong;   /* a form over its route's limit, read to be shown again */
	bool stale_form; /* its token is not good any more */
	bool written;    /* a write of it stands, whatever comes of the answer */
	const struct form_again *again;
	struct people_session session;
	struct req_needs needs;
	const char *lang;
	char id[24];
	size_t ruby; /* syllables that stand on its page */
	struct reply reply;
};

/* body.c: reads what the route takes. CURB_ETOOBIG, CURB_EINVAL, CURB_ETIME. */
int body_check(struct curb_req *req);
/* Bytes of any type, spooled when they are many. */
bool body_is_raw(const struct curb_route *row);
int body_read(struct curb_req *req);
void body_free(struct body *body);
/* The body as a value; decides by the type of the body. request.c */
int body_value(struct curb_req *req);
/* parts.c: of a form with a file, on a route that takes raw bodies. */
int parts_value(struct curb_req *req);

/* ---- forms that come back (again.c): what was typed is not lost ---- */
enum {
	FORM_MOST = 2 << 20, /* bytes that are read to be shown again */
	FORMS_LARGE = 32     /* how many so large at one time */
};
struct form_again {
	int status;
	struct curb_str text;           /* why it comes back */
	const struct curb_value *typed; /* NULL: nothing that could be read */
	struct curb_str field;          /* that is at fault; absent: none by itself */
};
/* A form from a page: whoever sent it looks at what comes back. */
bool form_of_page(struct curb_req *req);
/* The reply of a form that failed with `err`: the page it stands on, with what was typed and the reason. False, and the
 * thread's error as it was, when there is no such page. */
bool form_again(struct curb_req *req, int err);
/* Makes the page at `address` the reply, with what was typed and why. Gives the permit back. False: there is no such page. */
bool form_show(struct curb_req *req, const struct form_again *again, struct curb_str address);
/* Whose forms these are, as they say it: the same in each of her sessions, and no id. Arena; absent when nobody is signed in. */
struct curb_str form_mark(struct curb_req *req);
/* False when the form that was typed says that it is another's than hers who is signed in. */
bool form_hers(struct curb_req *req, const struct curb_value *typed);
/* kept.c: the sign-in page as the reply to a form whose session had ended, with the form in it. False: it is no such form. */
bool kept_ask(struct curb_req *req);
/* Into the model of a page that answers a form with `status`: the fields as they were typed, for the components. */
void form_put_typed(struct curb_req *req, int status, struct curb_value *model);

/* handle.c: the way of a request; always answers. Returns the status. */
int handle_request(struct http *http, struct http_head *head, struct wire *wire);
/* Take and give back the permit of a request; write.c uses them around the writer. */
int req_permit_take(struct curb_req *req);
void req_permit_give(struct curb_req *req);
/* Calls the handler of req->match. */
int req_call_handler(struct curb_req *req);
/* write.c: the kept reply of a write that was done under the same Idempotency-Key, before its handler looks at a world
 * that this write has changed. */
int write_repeat(struct curb_req *req, bool *ret_repeated);
/* Translates for this thread as the request asks; NULL ends it. */
void req_translate(struct curb_req *req);

/* ---- crowd.c: how many connections ---- */
struct crowd;
struct crowd *crowd_new(int limit);
void crowd_free(struct crowd *crowd);
/* False when the address has too many. */
bool crowd_enter(struct crowd *crowd, struct curb_str address);
void crowd_leave(struct crowd *crowd, struct curb_str address);

/* ---- socket.c ---- */
struct tuple {
	char address[48]; /* of the client */
	int port, server_port;
};
/* The descriptor of ours whose peer is the client and whose own port is the server's; -1. */
int socket_find(const struct tuple *tuple);
/* Wakes all who wait for a connection or a request at our port: CivetWeb's threads look for its end every two seconds only.
 * What is being sent goes on. */
void socket_end_reading(int server_port);

/* ---- watchdog.c ---- */
struct watch {
	pthread_mutex_t mutex;    /* guards tuple and how while armed */
	_Atomic int64_t deadline; /* 0: not armed */
	struct tuple tuple;
	int how; /* for shutdown() */
};
struct watchdog;
int watchdog_start(struct watch *watches, size_t n, struct watchdog **ret_dog);
void watchdog_stop(struct watchdog *dog);
void watch_set(struct watch *watch, const struct tuple *tuple, int64_t deadline_ms, int how);

/* probe.c: one request to ourselves; forgets the probe's address afterwards. */
int probe_own(struct http *http);

struct http {
	struct http_options o;
	struct http_limits limits;
	struct router *router;
	struct permits *permits;
	struct people_sessions *sessions;
	struct crowd *crowd;
	struct watchdog *dog;
	struct watch *watches;
	void *server; /* struct mg_context */
	int port;
	bool have_reports, have_signin;
	atomic_int threads_made, connections, working, large_forms;
	atomic_bool draining, stopping;
	_Atomic uint64_t counter, requests[6], cut;
	unsigned char form_key[32];
	char boot[9], probe[40];
	atomic_bool probing; /* `probe` is answered: until the start has asked for it */
	const char *session_cookie, *form_cookie, *device_cookie;
	struct { /* arenas not in use */
		pthread_mutex_t mutex;
		struct curb_arena *free[64];
		int count;
	} arenas;
};

#endif
