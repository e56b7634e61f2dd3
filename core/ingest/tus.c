/* Resumable uploads: tus 1.0.0 with creation, termination, checksum and expiration (tus.io/protocols). */
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/request.h"
#include "inside.h"
#include "tus.h"

enum { NAME_LONGEST = UPLOAD_NAME_LONGEST, CHECKSUM_MISMATCH = 460 };
static const char extensions[] = "creation,termination,checksum,expiration";

static int put_headers(struct curb_req *req)
{
	return curb_reply_header(req, "Tus-Resumable", curb_str("1.0.0"));
}

static int put_number(struct curb_req *req, const char *name, int64_t value)
{
	return curb_reply_header(req, name,
	                         curb_str(curb_printf(curb_req_arena(req), "%lld", (long long)value)));
}

static int check_version(struct curb_req *req)
{
	int err = put_headers(req);
	if (err || curb_str_is(curb_req_header(req, "Tus-Resumable"), "1.0.0"))
		return err;
	err = curb_reply_header(req, "Tus-Version", curb_str("1.0.0"));
	return err ? err :
	             curb_fail(CURB_EPRECOND,
	                       "Send the header Tus-Resumable: 1.0.0; no other version is spoken here");
}

/* The upload of the path when it is this person's, opened. */
static int find(struct curb_req *req, const struct ingest *ingest, struct upload *ret_upload, int *ret_fd,
                int64_t *ret_size)
{
	int err = check_version(req);
	if (!err)
		err = upload_row(curb_req_tx(req), curb_req_param(req, "id"), ret_upload);
	if (err)
		return err;
	if (strcmp(ret_upload->person.text, curb_req_user(req)->id.text) != 0)
		return curb_fail(CURB_ENOTFOUND,
		                 "This upload is not here: it was finished, ended or has expired. "
		                 "Start it again");
	if (ret_upload->expires_ms < curb_wall_ms())
		return curb_fail(CURB_EGONE, "This upload has expired; start it again");
	return upload_open(ingest, &ret_upload->id, false, ret_fd, ret_size);
}

/* ---- OPTIONS /files ---- */

int tus_options(struct curb_req *req, void *state)
{
	const struct ingest *ingest = state;
	int err = put_headers(req);
	if (!err)
		err = curb_reply_header(req, "Tus-Version", curb_str("1.0.0"));
	if (!err)
		err = curb_reply_header(req, "Tus-Extension", curb_str(extensions));
	if (!err)
		err = curb_reply_header(req, "Tus-Checksum-Algorithm", curb_str("sha1,sha256"));
	if (!err)
		err = put_number(req, "Tus-Max-Size", (int64_t)ingest->o.upload_most);
	return err ? err : curb_reply_empty(req, 204);
}

/* ---- POST /files ---- */

/* The value of `key` in Upload-Metadata: "key base64,key base64". Absent when it is not there or not base64. */
static struct curb_str metadata(struct curb_req *req, const char *key)
{
	struct curb_str rest = curb_req_header(req, "Upload-Metadata"), pair, name;
	while (curb_str_cut(&rest, ',', &pair)) {
		pair = curb_str_trim(pair);
		if (!curb_str_cut(&pair, ' ', &name) || !curb_str_is(name, key) || pair.len == 0 ||
		    pair.len > 4096)
			continue;
		unsigned char *bytes = curb_alloc(curb_req_arena(req), pair.len + 1);
		int n = EVP_DecodeBlock(bytes, (const unsigned char *)pair.ptr, (int)pair.len);
		while (n > 0 && pair.len && pair.ptr[pair.len - 1] == '=') {
			pair.len--;
			n--;
		}
		return n < 0 ? curb_str(NULL) : curb_str_n((const char *)bytes, (size_t)n);
	}
	return curb_str(NULL);
}

struct creation {
	struct ingest *ingest;
	struct upload upload;
	struct upload_expired expired; /* they make room for it */
};

static int create(struct curb_tx *tx, void *arg)
{
	struct creation *creation = arg;
	return upload_add(tx, &creation->upload, &creation->expired);
}

static int put_expiry(struct curb_req *req, const struct upload *upload)
{
	char *when = curb_alloc(curb_req_arena(req), 32);
	curb_time_http(upload->expires_ms, when);
	return curb_reply_header(req, "Upload-Expires", curb_str(when));
}

static int read_creation(struct curb_req *req, const struct ingest *ingest, struct upload *upload)
{
	int err = check_version(req);
	if (err)
		return err;
	if (!curb_str_int(curb_req_header(req, "Upload-Length"), &upload->length) || upload->length < 0)
		return curb_fail(CURB_EINVAL,
		                 "Send the header Upload-Length: the number of bytes that will come");
	if ((uint64_t)upload->length > ingest->o.upload_most)
		return curb_fail(CURB_ETOOBIG, "This file is too large; at most %llu bytes are taken",
		                 (unsigned long long)ingest->o.upload_most);
	err = curb_req_room(req, (uint64_t)upload->length);
	if (err)
		return err;
	upload->name = metadata(req, "filename");
	if (!upload->name.ptr || !curb_utf8_valid(upload->name))
		upload->name = curb_str("upload");
	if (upload->name.len > NAME_LONGEST)
		return curb_fail(CURB_EINVAL, "The file name is too long; use at most %d bytes",
		                 NAME_LONGEST);
	return 0;
}

int tus_create(struct curb_req *req, void *state)
{
	struct creation creation = { .ingest = state };
	struct upload *upload = &creation.upload;
	CURB_AUTO(fd) int fd = -1;
	int64_t size = 0;
	upload->made_ms = curb_wall_ms();
	upload->expires_ms = upload->made_ms + upload_life_ms;
	upload->id = curb_id_new(upload->made_ms);
	upload->person = curb_req_user(req)->id;
	int err = read_creation(req, state, upload);
	if (!err)
		err = upload_open(state, &upload->id, true, &fd, &size);
	if (err)
		return err;
	err = curb_write(req, curb_str(NULL), create, &creation);
	if (err && err != CURB_ELATE) /* then it may stand; what does not goes with the next start */
		upload_unlink(state, &upload->id);
	if (err)
		return err;
	upload_unlink_expired(state, &creation.expired);
	const char *origin = creation.ingest->o.public_origin ? creation.ingest->o.public_origin : "";
	err = curb_reply_header(
		req, "Location",
		curb_str(curb_printf(curb_req_arena(req), "%s/files/%s", origin, upload->id.text)));
	if (!err)
		err = put_expiry(req, upload);
	return err ? err : curb_reply_empty(req, 201);
}

/* ---- HEAD /files/:id ---- */

int tus_head(struct curb_req *req, void *state)
{
	struct upload upload;
	CURB_AUTO(fd) int fd = -1;
	int64_t size = 0;
	int err = find(req, state, &upload, &fd, &size);
	if (!err)
		err = put_number(req, "Upload-Offset", size);
	if (!err)
		err = put_number(req, "Upload-Length", upload.length);
	if (!err)
		err = put_expiry(req, &upload);
	if (!err)
		err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	return err ? err : curb_reply_empty(req, 204);
}

/* ---- PATCH /files/:id ---- */

static int digest_of(struct curb_req *req, const EVP_MD *kind, unsigned char *ret_digest, unsigned *ret_n)
{
	enum { BLOCK = 65536 };
	int fd = curb_req_body_fd(req);
	struct curb_str body = curb_req_body(req);
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	bool ok = hash && EVP_DigestInit_ex(hash, kind, NULL) == 1;
	if (ok && fd < 0 && body.len)
		ok = EVP_DigestUpdate(hash, body.ptr, body.len) == 1;
	char *block = curb_alloc(curb_req_arena(req), BLOCK);
	off_t at = 0;
	for (ssize_t n; ok && fd >= 0 && (n = pread(fd, block, BLOCK, at)) > 0; at += n)
		ok = EVP_DigestUpdate(hash, block, (size_t)n) == 1;
	ok = ok && EVP_DigestFinal_ex(hash, ret_digest, ret_n) == 1;
	EVP_MD_CTX_free(hash);
	return ok ? 0 : curb_fail(CURB_EINTERNAL, "a checksum cannot be computed");
}

/* Upload-Checksum: "sha1 base64". *ret_same is true when there is none. */
static int check_sum(struct curb_req *req, bool *ret_same)
{
	struct curb_str rest = curb_req_header(req, "Upload-Checksum"), name;
	*ret_same = true;
	if (!rest.ptr)
		return 0;
	(void)curb_str_cut(&rest, ' ', &name);
	const EVP_MD *kind = curb_str_is(name, "sha1")   ? EVP_sha1() :
	                     curb_str_is(name, "sha256") ? EVP_sha256() :
	                                                   NULL;
	if (!kind)
		return curb_fail(CURB_EINVAL,
		                 "Upload-Checksum must be sha1 or sha256, a blank, and the sum in base64");
	unsigned char digest[EVP_MAX_MD_SIZE], text[2 * EVP_MAX_MD_SIZE];
	unsigned n = 0;
	int err = digest_of(req, kind, digest, &n);
	if (err)
		return err;
	int len = EVP_EncodeBlock(text, digest, (int)n);
	*ret_same = curb_str_eq(rest, curb_str_n((const char *)text, (size_t)len));
	return 0;
}

static int append_memory(int fd, struct curb_str body, int64_t offset)
{
	for (size_t done = 0; done < body.len;) {
		ssize_t n = pwrite(fd, body.ptr + done, body.len - done, (off_t)offset + (off_t)done);
		if (n <= 0)
			return curb_fail(
				CURB_EFULL,
				"There is no room for this part; what came before is kept, try again later");
		done += (size_t)n;
	}
	return 0;
}

static int append_file(int fd, int from, uint64_t size, int64_t offset)
{
	off_t in = 0, out = (off_t)offset;
	while ((uint64_t)in < size) {
		ssize_t n = copy_file_range(from, &in, fd, &out, (size_t)(size - (uint64_t)in), 0);
		if (n <= 0)
			return curb_fail(
				CURB_EFULL,
				"There is no room for this part; what came before is kept, try again later");
	}
	return 0;
}

/* The sum of a part that broke off cannot be told: then nothing of it is kept (tus 1.0, Checksum). */
static int check_whole(struct curb_req *req)
{
	if (!curb_req_body_cut(req) || !curb_req_header(req, "Upload-Checksum").ptr)
		return 0;
	return curb_fail(CURB_ETIME, "The line broke before the whole part came; send the part again");
}

/* All or nothing: what came and cannot be written whole and made durable is cut off again. */
static int append(struct curb_req *req, int fd, int64_t offset)
{
	int err = curb_req_body_fd(req) >= 0 ?
	                  append_file(fd, curb_req_body_fd(req), curb_req_body_size(req), offset) :
	                  append_memory(fd, curb_req_body(req), offset);
	if (!err && fdatasync(fd) != 0)
		err = curb_fail(CURB_EINTERNAL, "an upload cannot be made durable");
	if (err && ftruncate(fd, (off_t)offset) != 0)
		return curb_fail(CURB_EINTERNAL, "an upload cannot be cut back to %lld bytes",
		                 (long long)offset);
	return err;
}

static int check_patch(struct curb_req *req, const struct upload *upload, int64_t size)
{
	int64_t offset = -1;
	if (!curb_str_is(curb_req_header(req, "Content-Type"), "application/offset+octet-stream"))
		return curb_fail(CURB_ETYPE, "Send the part as application/offset+octet-stream");
	if (!curb_str_int(curb_req_header(req, "Upload-Offset"), &offset) || offset < 0)
		return curb_fail(CURB_EINVAL, "Send the header Upload-Offset: where this part begins");
	if (offset != size)
		return curb_fail(CURB_ECONFLICT, "%lld bytes have come; send the part that begins there",
		                 (long long)size);
	if (curb_req_body_size(req) > (uint64_t)(upload->length - size))
		return curb_fail(CURB_ETOOBIG,
		                 "This part goes beyond the length that was announced, %lld bytes",
		                 (long long)upload->length);
	return 0;
}

int tus_patch(struct curb_req *req, void *state)
{
	struct upload upload;
	CURB_AUTO(fd) int fd = -1;
	int64_t size = 0;
	bool same = true;
	int err = find(req, state, &upload, &fd, &size);
	if (!err && flock(fd, LOCK_EX | LOCK_NB) != 0)
		return curb_fail(
			CURB_ECONFLICT,
			"Another part of this upload is coming in now; ask where it stands and go on");
	if (!err)
		size = lseek(fd, 0, SEEK_END); /* as it is now that nobody else writes */
	if (!err)
		err = check_patch(req, &upload, size);
	if (!err)
		err = check_whole(req);
	if (!err)
		err = check_sum(req, &same);
	if (!err && !same)
		return curb_reply_empty(req, CHECKSUM_MISMATCH);
	if (!err)
		err = append(req, fd, size);
	if (!err)
		err = put_number(req, "Upload-Offset", size + (int64_t)curb_req_body_size(req));
	if (!err)
		err = put_expiry(req, &upload);
	if (!err && curb_req_body_cut(req))
		return curb_fail(CURB_ETIME,
		                 "The line broke; what came is kept. Ask where it stands and go on there");
	return err ? err : curb_reply_empty(req, 204);
}

/* ---- DELETE /files/:id ---- */

static int forget(struct curb_tx *tx, void *arg)
{
	const struct curb_id *id = arg;
	struct upload upload;
	bool held = false;
	int err = upload_row(tx, curb_id_str(id), &upload);
	if (!err)
		err = upload_held(tx, &upload, &held);
	if (!err && held)
		return curb_fail(CURB_ECONFLICT, "This upload is being imported; cancel the job instead");
	return err ? err : upload_forget(tx, id);
}

int tus_delete(struct curb_req *req, void *state)
{
	struct upload upload;
	CURB_AUTO(fd) int fd = -1;
	int64_t size = 0;
	int err = find(req, state, &upload, &fd, &size);
	if (!err)
		err = curb_write(req, curb_str(NULL), forget, &upload.id);
	if (err)
		return err;
	upload_unlink(state, &upload.id);
	return curb_reply_empty(req, 204);
}
