/* Entries of a zip as readers want them: bytes, or a seekable slice. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "reader.h"
#include "unpack.h"

struct zip_entry *reader_find(const struct reader_job *job, struct curb_str path)
{
	if (!job->zip || !path.ptr)
		return NULL;
	struct curb_str full = path;
	if (job->root.len)
		full = curb_str(curb_printf(job->arena, "%.*s%.*s", (int)job->root.len, job->root.ptr,
		                            (int)path.len, path.ptr));
	struct zip_entry *entry = zip_find(job->zip, full);
	if (entry)
		entry->used = true;
	return entry;
}

struct curb_str reader_name(const struct reader_job *job, const struct zip_entry *entry)
{
	if (entry->name.len <= job->root.len || memcmp(entry->name.ptr, job->root.ptr, job->root.len) != 0)
		return curb_str(NULL);
	return curb_str_from(entry->name, job->root.len);
}

static bool tell(struct reader_job *job, const struct zip_entry *entry, const char *fault)
{
	if (fault)
		wire_finding(job->wire, fault, curb_str(NULL), entry->name, curb_str(NULL));
	return !fault;
}

struct gathered {
	char *bytes;
	size_t n;
};

static bool gather(void *arg, const void *bytes, size_t n)
{
	struct gathered *to = arg;
	memcpy(to->bytes + to->n, bytes, n); /* unpack gives no more than the entry's size */
	to->n += n;
	return true;
}

const char *reader_unpack(struct reader_job *job, struct zip_entry *entry, struct curb_str *ret_bytes)
{
	struct gathered to = { .bytes = curb_alloc(job->arena, (size_t)entry->size + 1) };
	const char *fault = unpack(job->zip, entry, gather, &to);
	*ret_bytes = curb_str_n(to.bytes, to.n);
	return fault;
}

bool reader_bytes(struct reader_job *job, struct zip_entry *entry, uint64_t most, struct curb_str *ret_bytes)
{
	if (entry->size > most) {
		wire_finding(job->wire, "package.large", curb_str(NULL), entry->name,
		             curb_str(curb_printf(job->arena, "%llu", (unsigned long long)most)));
		return false;
	}
	return tell(job, entry, reader_unpack(job, entry, ret_bytes));
}

struct head {
	char *bytes;
	size_t n, room;
};

static bool take_head(void *arg, const void *bytes, size_t n)
{
	struct head *head = arg;
	size_t part = n < head->room - head->n ? n : head->room - head->n;
	memcpy(head->bytes + head->n, bytes, part);
	head->n += part;
	return head->n < head->room;
}

size_t reader_first(struct reader_job *job, struct zip_entry *entry, char *bytes, size_t room)
{
	struct head head = { bytes, 0, room };
	if (entry->method != ZIP_STORED) {
		(void)unpack(job->zip, entry, take_head, &head);
		return head.n;
	}
	ssize_t n = pread(job->zip->fd, bytes, entry->size < room ? (size_t)entry->size : room,
	                  (off_t)entry->data);
	return n < 0 ? 0 : (size_t)n;
}

struct spool {
	uint64_t at;
	bool failed;
};

static bool write_scratch(void *arg, const void *bytes, size_t n)
{
	struct spool *spool = arg;
	const char *at = bytes;
	while (n) {
		ssize_t done = pwrite(WIRE_SCRATCH_FD, at, n, (off_t)spool->at);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return !(spool->failed = true);
		at += done;
		n -= (size_t)done;
		spool->at += (uint64_t)done;
	}
	return true;
}

bool reader_source(struct reader_job *job, struct zip_entry *entry, struct media_source *ret_source)
{
	if (entry->method == ZIP_STORED) {
		if (!entry->checked && !tell(job, entry, unpack(job->zip, entry, NULL, NULL)))
			return false;
		*ret_source = (struct media_source){ job->zip->fd, entry->data, entry->size, entry->name };
		return true;
	}
	struct spool spool = { .at = *job->scratch_used };
	const char *fault = unpack(job->zip, entry, write_scratch, &spool);
	if (spool.failed) /* the disk or the limit: nothing the author did */
		_exit(EXIT_FAILURE);
	if (!tell(job, entry, fault))
		return false;
	*ret_source = (struct media_source){ WIRE_SCRATCH_FD, *job->scratch_used, entry->size, entry->name };
	*job->scratch_used = spool.at;
	return true;
}

static void send_zip_finding(void *arg, const char *code, struct curb_str a, struct curb_str b)
{
	const struct reader_job *job = arg;
	wire_finding(job->wire, code, curb_str(NULL), a, b);
}

/* The one folder that everything lies in: people often pack the folder and not what is in it. */
static struct curb_str common_root(const struct zip *zip)
{
	struct curb_str root = { NULL, 0 };
	for (size_t i = 0; i < zip->count; i++) {
		struct curb_str rest = zip->entries[i].name, part;
		if (name_is_litter(rest) && !zip->entries[i].folder)
			continue;
		if (curb_str_starts(rest, "__MACOSX/"))
			continue;
		if (!curb_str_cut(&rest, '/', &part) || part.len == zip->entries[i].name.len)
			return curb_str("");
		if (root.ptr && !curb_str_eq(curb_str_n(root.ptr, root.len - 1), part))
			return curb_str("");
		root = curb_str_n(zip->entries[i].name.ptr, part.len + 1);
	}
	return root.ptr ? root : curb_str("");
}

bool reader_open_zip(struct reader_job *job, const struct media_source *source)
{
	struct zip_report report = { send_zip_finding, job };
	struct zip *zip = curb_alloc(job->arena, sizeof *zip);
	if (!zip_open(job->arena, job->tools->names, source->fd, source->offset, source->size, &report, zip))
		return false;
	job->zip = zip;
	job->root = common_root(zip);
	return true;
}

void reader_check_rest(struct reader_job *job)
{
	for (size_t i = 0; job->zip && i < job->zip->count; i++)
		if (!job->zip->entries[i].checked && !job->zip->entries[i].folder &&
		    !tell(job, &job->zip->entries[i], unpack(job->zip, &job->zip->entries[i], NULL, NULL)))
			return;
}
