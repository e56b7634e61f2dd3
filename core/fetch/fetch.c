#include "fetch.h"

#include <curl/curl.h>
#include <pthread.h>

#include "curb/err.h"

enum { CONNECT_MS = 5000 };

struct asking {
	const struct fetch *fetch;
	struct curb_buf *answer;
};

static void begin_all(void)
{
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct fetcher *fetch_new(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	(void)pthread_once(&once, begin_all);
	return (struct fetcher *)curl_easy_init();
}

void fetch_free(struct fetcher *fetcher)
{
	curl_easy_cleanup((CURL *)fetcher);
}

static size_t take(char *bytes, size_t size, size_t n, void *arg)
{
	const struct asking *asking = arg;
	curb_buf_add(asking->answer, bytes, size * n);
	return asking->answer->failed ? 0 : size * n;
}

static int look(void *arg, curl_off_t total, curl_off_t got, curl_off_t to_send, curl_off_t sent)
{
	const struct fetch *fetch = ((const struct asking *)arg)->fetch;
	(void)total;
	(void)got;
	(void)to_send;
	(void)sent;
	return fetch->cancelled(fetch->arg);
}

static void set_limits(CURL *curl, struct asking *asking)
{
	(void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)asking->fetch->most_ms);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, asking);
	(void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, asking);
}

static int perform(CURL *curl, const struct asking *asking, int *ret_status)
{
	long status = 0;
	CURLcode code = curl_easy_perform(curl);
	if (asking->answer->failed)
		return curb_fail(CURB_ETOOBIG, "%s answers too much", asking->fetch->url);
	if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
		return curb_fail(CURB_EINVAL, "%s is not an address that can be asked", asking->fetch->url);
	if (code != CURLE_OK)
		return curb_fail(CURB_EBUSY, "%s does not answer: %s", asking->fetch->url,
		                 curl_easy_strerror(code));
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	*ret_status = (int)status;
	return 0;
}

int fetch_do(struct fetcher *fetcher, const struct fetch *fetch, int *ret_status, struct curb_buf *answer)
{
	CURL *curl = (CURL *)fetcher;
	struct asking asking = { fetch, answer };
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: text/plain; charset=utf-8");
	curb_buf_clear(answer);
	curl_easy_reset(curl);
	set_limits(curl, &asking);
	(void)curl_easy_setopt(curl, CURLOPT_URL, fetch->url);
	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	if (fetch->body.ptr) {
		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)fetch->body.len);
		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, fetch->body.ptr);
	}
	int err = perform(curl, &asking, ret_status);
	curl_slist_free_all(headers);
	return err;
}
