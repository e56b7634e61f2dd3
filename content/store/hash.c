#include "hash.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"

enum { CHUNK = 1024 * 1024 };

static int hash_all(EVP_MD_CTX *hash, int fd, uint64_t size, char *chunk)
{
	for (uint64_t offset = 0; offset < size;) {
		size_t most = size - offset < CHUNK ? (size_t)(size - offset) : CHUNK;
		ssize_t n = pread(fd, chunk, most, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return curb_fail(CURB_EINTERNAL, "blob store, read back: errno %d", n ? errno : 0);
		if (!EVP_DigestUpdate(hash, chunk, (size_t)n))
			return curb_fail(CURB_EINTERNAL, "SHA-256 failed");
		offset += (uint64_t)n;
	}
	return 0;
}

int blob_hash_fd(int fd, uint64_t size, char ret_hex[static BLOB_HEX + 1])
{
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	char *chunk = malloc(CHUNK);
	unsigned char digest[BLOB_HEX / 2];
	int err = 0;
	if (!hash || !chunk || !EVP_DigestInit_ex(hash, EVP_sha256(), NULL))
		err = curb_fail(CURB_EINTERNAL, "SHA-256 cannot start");
	else
		err = hash_all(hash, fd, size, chunk);
	if (!err && !EVP_DigestFinal_ex(hash, digest, NULL))
		err = curb_fail(CURB_EINTERNAL, "SHA-256 failed");
	free(chunk);
	EVP_MD_CTX_free(hash);
	if (!err)
		curb_hex(digest, sizeof digest, ret_hex);
	return err;
}

int blobs_check(const struct blobs *blobs, struct curb_str sha256)
{
	CURB_AUTO(fd) int fd = -1;
	uint64_t size = 0;
	char hex[BLOB_HEX + 1];
	int err = blobs_read(blobs, sha256, &fd, &size);
	if (!err)
		err = blob_hash_fd(fd, size, hex);
	if (err || curb_str_is(sha256, hex))
		return err;
	return curb_fail(CURB_EUNFIT, "the bytes of a file are not those that its name says");
}
