/* The import: an upload, or a file of this machine, through the worker and into rows. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caption_draft.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/request.h"
#include "inside.h"
#include "pack.h"
#include "rendition.h"
#include "tus.h"
#include "work.h"

enum { ARENA_MOST = 128 << 20, RESULT_MOST = 1 << 20, JOB_TIMEOUT_S = 24 * 3600, JOB_TRIES = 3 };

/* What one import is given and makes. */
struct import {
	struct ingest *ingest;
	struct curb_job *job;             /* NULL on the command line */
	const struct ingest_local *local; /* NULL in a job */
	struct curb_arena *arena;
	int fd;
	const char *name;
	struct curb_str lang;
	bool check_only;
	struct version_make make;
	struct curb_id upload; /* "" on the command line */
	struct intake_package result;
	struct curb_value *pack; /* the result's, of many versions; NULL: it is one */
	bool same;               /* all of them were here */
	struct curb_str told;    /* of a job: its result */
};

/* ---- the way through ---- */

static void tell_progress(void *arg, int permille, bool making)
{
	struct import *import = arg;
	if (import->job)
		curb_job_progress(import->job, permille,
		                  making ? CURB_TEXT("Making a form that browsers play") :
		                           CURB_TEXT("Reading the package"));
}

static bool is_cancelled(void *arg)
{
	const struct import *import = arg;
	if (import->job)
		return curb_job_cancelled(import->job);
	return import->local->cancelled && import->local->cancelled(import->local->arg);
}

static int read_package(struct import *import)
{
	const char *program = import->ingest->o.program;
	struct intake_job job = {
		.worker = import->ingest->o.worker,
		.program = program && access(program, X_OK) == 0 ? program : NULL,
		.blobs = import->ingest->o.blobs,
		.upload = import->fd,
		.name = import->name,
		.check_only = import->check_only,
		.errors_fd = -1,
		.progress = tell_progress,
		.cancelled = is_cancelled,
		.arg = import,
	};
	return intake_run(import->arena, &job, &import->result);
}

static const char *state_word(const struct import *import)
{
	if (import->result.refused)
		return "refused";
	if (import->check_only)
		return "checked";
	if (import->same)
		return "same";
	return import->make.publish ? "published" : "draft";
}

/* What was only checked can be taken in later, without being sent again. */
static bool keeps_upload(const struct import *import)
{
	return import->job && import->check_only && !import->result.refused;
}

static void put_result(const struct import *import, struct curb_json *j)
{
	curb_json_begin(j, '{');
	curb_json_ktext(j, "file", import->name);
	bool made = curb_id_some(&import->make.made_version) && !import->result.refused;
	curb_json_kstr(j, "course", made ? curb_id_str(&import->make.made_course) : curb_str(NULL));
	curb_json_kstr(j, "version", made ? curb_id_str(&import->make.made_version) : curb_str(NULL));
	curb_json_ktext(j, "state", state_word(import));
	findings_put(import->ingest, import->arena, &import->result, import->lang, j);
	if (keeps_upload(import)) {
		curb_json_ktext(j, "upload", import->upload.text);
		curb_json_ktext(j, "for", import->make.course.text);
	}
	curb_json_end(j, '}');
}

/* The version, the end of its upload and what the job tells are one commit: a crash before it leaves all to do, one
 * behind it nothing. */
static int end_job(struct curb_tx *tx, void *arg)
{
	struct import *import = arg;
	CURB_AUTO(buf) struct curb_buf out = curb_buf(RESULT_MOST);
	struct curb_json j = curb_json(&out);
	struct curb_id job = curb_job_id(import->job);
	put_result(import, &j);
	int err = curb_buf_check(&out);
	if (err)
		return err;
	import->told = curb_dup(import->arena, curb_buf_view(&out));
	err = work_keep(tx, &job, import->told);
	return err || keeps_upload(import) ? err : upload_forget(tx, &import->upload);
}

static int make_rows(struct curb_tx *tx, void *arg)
{
	struct import *import = arg;
	int err = version_make(tx, &import->make);
	return err || !import->job ? err : end_job(tx, import);
}

static int make_version(struct curb_tx *tx, void *arg)
{
	struct import *import = arg;
	return version_make(tx, &import->make);
}

static int write_rows(struct import *import, curb_write_fn fn)
{
	struct store_write write = { .fn = fn, .arg = import };
	return store_write(import->ingest->o.store, &write);
}

/* One more finding, of what only the server knows. */
static void find_more(struct import *import, const char *code, struct curb_str fact)
{
	struct intake_package *result = &import->result;
	struct intake_finding *findings = curb_alloc_n(import->arena, result->count + 1, sizeof *findings);
	for (size_t i = 0; i < result->count; i++)
		findings[i] = result->findings[i];
	findings[result->count] = (struct intake_finding){ .row = content_finding_code(code, strlen(code)),
		                                           .a = fact };
	CURB_ASSERT(findings[result->count].row);
	result->refused = findings[result->count].row->severity == CONTENT_REFUSED;
	result->findings = findings;
	result->count++;
}

/* Each version is a commit of its own, in their order: after a crash the same pack goes on where it was. */
static int take_pack(struct import *import)
{
	struct pack_taking taking = { .ingest = import->ingest,
		                      .package = import->pack,
		                      .course = import->make.course };
	bool publish = import->make.publish;
	const struct curb_value *versions = curb_value_get(import->pack, "versions");
	size_t n = curb_value_count(versions);
	int err = pack_compare(&taking, import->arena);
	if (!err && taking.code)
		find_more(import, taking.code, taking.fact);
	if (err || import->result.refused)
		return err;
	import->same = taking.here == n;
	import->make.course = import->make.made_course = taking.its_course;
	import->make.made_version = curb_id_of(curb_get_str(curb_value_at(versions, n - 1), "version"));
	for (size_t i = taking.here; !err && i < n; i++) {
		import->make.package = import->make.of_pack = curb_value_at(versions, i);
		import->make.publish = publish && i + 1 == n; /* the ones before may never have been */
		err = write_rows(import, i + 1 == n ? make_rows : make_version);
	}
	return err || taking.here < n || !import->job ? err : write_rows(import, end_job);
}

static bool is_pack(const struct curb_value *package)
{
	return curb_str_is(curb_get_str(package, "reader"), "pack");
}

static int take_package(struct import *import)
{
	int err = 0;
	import->make.ingest = import->ingest;
	import->make.package = import->result.package;
	import->make.now_ms = curb_wall_ms();
	import->pack = is_pack(import->result.package) ? import->result.package : NULL;
	/* how long its recordings are, and which bytes hold which second, a pack says itself: hours rest on it */
	if (import->pack && !import->result.refused && import->job)
		find_more(import, "pack.operator", curb_str(NULL));
	bool whole = !import->result.refused && !import->check_only;
	if (whole && import->pack)
		err = take_pack(import);
	else if (whole)
		err = write_rows(import, make_rows);
	bool told = whole && !import->result.refused;
	return err || told || !import->job ? err : write_rows(import, end_job);
}

static int import_run(struct import *import)
{
	leavings_begin(import->ingest);
	int err = read_package(import);
	if (!err)
		err = take_package(import);
	if ((err || import->result.refused) && import->result.package)
		leavings_drop(import->ingest, import->arena, import->result.package);
	leavings_end(import->ingest);
	return err;
}

/* ---- the job ---- */

static int read_job(struct curb_job *job, struct import *import)
{
	struct curb_value *payload = NULL;
	int err = curb_json_parse(import->arena, curb_job_payload(job), &payload);
	if (err)
		return err;
	import->lang = curb_get_str(payload, "lang");
	import->name = curb_cstr(import->arena, curb_get_str(payload, "name"));
	import->upload = curb_id_of(curb_get_str(payload, "upload"));
	import->make.person = curb_id_of(curb_get_str(payload, "person"));
	import->make.course = curb_id_of(curb_get_str(payload, "course"));
	import->check_only = curb_value_bool(curb_value_get(payload, "check"), false);
	return 0;
}

static int run_job(struct curb_job *job, void *state)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	CURB_AUTO(fd) int fd = -1;
	struct import import = { .ingest = state, .job = job, .arena = arena };
	int64_t size = 0;
	int err = read_job(job, &import);
	if (!err)
		err = upload_open(state, &import.upload, false, &fd, &size);
	import.fd = fd;
	if (!err)
		err = import_run(&import);
	if (err)
		return err;
	if (!keeps_upload(&import))
		upload_unlink(state, &import.upload);
	curb_job_result(job, import.told);
	return 0;
}

const struct curb_job_kind ingest_jobs[] = {
	{ "import", run_job, JOB_TRIES, JOB_TIMEOUT_S },
	{ "unused", unused_run, JOB_TRIES, JOB_TIMEOUT_S },
	{ "rendition", rendition_run, JOB_TRIES, JOB_TIMEOUT_S },
	{ "captions", caption_job_run, JOB_TRIES, JOB_TIMEOUT_S },
	{ 0 },
};

/* ---- the command line ---- */

/* The bytes to read: the file itself, or the folder as a zip. The descriptor is yours. */
static int open_local(struct ingest *ingest, int given, int *ret_fd)
{
	struct stat info;
	if (fstat(given, &info) != 0 || (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)))
		return curb_fail(CURB_EINVAL, "This is neither a file nor a folder");
	if (S_ISDIR(info.st_mode))
		return pack_folder(ingest->o.blobs, given, ret_fd);
	*ret_fd = dup(given);
	return *ret_fd < 0 ? curb_fail(CURB_EINTERNAL, "no descriptor is free") : 0;
}

int ingest_local_file(struct ingest *ingest, struct curb_arena *arena, const struct ingest_local *local,
                      struct curb_buf *out, bool *ret_refused)
{
	CURB_AUTO(fd) int fd = -1;
	int err = open_local(ingest, local->fd, &fd);
	if (err)
		return err;
	struct import import = {
		.ingest = ingest,
		.arena = arena,
		.fd = fd,
		.name = local->name,
		.local = local,
		.lang = local->lang,
		.check_only = local->check_only,
		.make = { .course = curb_id_of(local->course),
		          .person = local->author,
		          .publish = local->publish },
	};
	err = import_run(&import);
	if (err)
		return err;
	struct curb_json j = curb_json(out);
	put_result(&import, &j);
	*ret_refused = import.result.refused;
	return curb_buf_check(out);
}

/* ---- life ---- */

static char *copy_of(const char *text)
{
	return text && text[0] ? curb_xstrdup(text) : NULL;
}

int ingest_open(const struct ingest_options *options, struct ingest **ret_ingest)
{
	if (options->store && mkdir(options->upload_folder, 0700) != 0 &&
	    access(options->upload_folder, W_OK) != 0)
		return curb_fail(CURB_EINTERNAL, "the folder %s cannot be made or written",
		                 options->upload_folder);
	struct ingest *ingest = curb_xcalloc(1, sizeof *ingest);
	ingest->o = *options;
	ingest->o.upload_folder = ingest->upload_folder = copy_of(options->upload_folder);
	ingest->o.worker = ingest->worker = copy_of(options->worker);
	ingest->o.program = ingest->program = copy_of(options->program);
	ingest->o.captioner = ingest->captioner = copy_of(options->captioner);
	ingest->o.captioner_reads = ingest->captioner_reads = copy_of(options->captioner_reads);
	ingest->o.captioner_runs = ingest->captioner_runs = copy_of(options->captioner_runs);
	ingest->o.public_origin = ingest->public_origin = copy_of(options->public_origin);
	if (!ingest->o.upload_most)
		ingest->o.upload_most = UPLOAD_MOST;
	(void)pthread_mutex_init(&ingest->lock, NULL);
	(void)pthread_mutex_init(&ingest->leaving, NULL);
	ingest->placed = placed_new();
	rows_fill_service(&ingest->api);
	holders_begin(ingest);
	int err = options->store ? upload_sweep(ingest) : 0;
	if (!err && options->store)
		err = leavings_sweep(ingest);
	if (err)
		ingest_close(ingest);
	else
		*ret_ingest = ingest;
	return err;
}

void ingest_close(struct ingest *ingest)
{
	if (!ingest)
		return;
	(void)pthread_mutex_destroy(&ingest->lock);
	(void)pthread_mutex_destroy(&ingest->leaving);
	(void)pthread_mutex_destroy(&ingest->holding);
	placed_free(ingest->placed);
	free(ingest->upload_folder);
	free(ingest->worker);
	free(ingest->program);
	free(ingest->captioner);
	free(ingest->captioner_reads);
	free(ingest->captioner_runs);
	free(ingest->public_origin);
	free(ingest);
}

const struct curb_service_head *ingest_service(struct ingest *ingest)
{
	return &ingest->api.head;
}
