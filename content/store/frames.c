/* Frames from the worker. CURB_EINVAL: it broke the contract, and nothing of what it said is kept. */
#include <string.h>

#include "content/file_types.h"
#include "curb/err.h"
#include "inside.h"

static const uint64_t most_bytes = UINT64_C(20) << 30;

static int broken(const char *what)
{
	return curb_fail(CURB_EINVAL, "worker: %s", what);
}

static int parse(struct curb_arena *arena, struct curb_str payload, struct curb_value **ret_value)
{
	int err = curb_json_parse(arena, payload, ret_value);
	if (err)
		return err == CURB_ETOOBIG ? broken("too much JSON") : err;
	return curb_value_type(*ret_value) == CURB_OBJECT ? 0 : broken("no object");
}

/* A name for people and rows; never a path of the file system. */
static bool path_ok(struct curb_str path)
{
	enum { PATH_MAX_BYTES = 1200 };
	if (!path.ptr || path.len == 0 || path.len > PATH_MAX_BYTES || path.ptr[0] == '/')
		return false;
	struct curb_str rest = path, part;
	for (size_t i = 0; i < path.len; i++)
		if ((unsigned char)path.ptr[i] < 0x20 || path.ptr[i] == 0x7F || path.ptr[i] == '\\')
			return false;
	while (curb_str_cut(&rest, '/', &part))
		if (part.len == 0 || curb_str_is(part, ".") || curb_str_is(part, ".."))
			return false;
	return true;
}

static struct intake_file *add_file(struct intake_state *state)
{
	enum { FIRST = 64 };
	if (state->file_count == state->file_room) {
		size_t room = state->file_room ? 2 * state->file_room : FIRST;
		struct intake_file *files = curb_alloc_n(state->arena, room, sizeof *files);
		if (state->file_count)
			memcpy(files, state->files, state->file_count * sizeof *files);
		state->files = files;
		state->file_room = room;
	}
	return &state->files[state->file_count++];
}

/* JSON of which only a few texts are kept. There may be any number of such frames, and the arena is not for them. */
static int parse_passing(struct intake_state *state, struct curb_str payload, struct curb_value **ret_value)
{
	curb_arena_reset(state->scratch);
	return parse(state->scratch, payload, ret_value);
}

static int open_slot(struct intake_state *state, int slot, struct curb_str payload)
{
	struct curb_value *value = NULL;
	int err = parse_passing(state, payload, &value);
	if (err)
		return err;
	struct curb_str path = curb_get_str(value, "path");
	const char *type = content_file_type(curb_get_str(value, "type"));
	if (state->job->table || state->slots[slot] >= 0 || !path_ok(path) || !type ||
	    state->file_count == INTAKE_FILES)
		return broken("a file that must not be");
	struct blob_file *blob = NULL;
	err = blob_new(state->batch, &blob);
	if (err)
		return err;
	struct intake_file *file = add_file(state);
	*file = (struct intake_file){ .blob = blob, .path = curb_dup(state->arena, path), .type = type };
	state->slots[slot] = (int)state->file_count - 1;
	return 0;
}

static int data(struct intake_state *state, struct blob_file *blob, struct curb_str payload)
{
	uint64_t most = state->job->max_bytes ? state->job->max_bytes : most_bytes;
	if (payload.len > most - state->bytes)
		return broken("too many bytes");
	state->bytes += payload.len;
	return blob_write(blob, payload.ptr, payload.len);
}

static int patch(struct blob_file *blob, struct curb_str payload)
{
	enum { OFFSET = 8 };
	uint64_t offset = 0;
	if (payload.len < OFFSET)
		return broken("a change without a place");
	for (size_t i = 0; i < OFFSET; i++)
		offset |= (uint64_t)(unsigned char)payload.ptr[i] << (8 * i);
	return blob_patch(blob, offset, payload.ptr + OFFSET, payload.len - OFFSET);
}

static int close_slot(struct intake_state *state, int slot)
{
	struct intake_file *file = &state->files[state->slots[slot]];
	state->slots[slot] = -1;
	file->sealed = true;
	return blob_seal(file->blob);
}

static int in_slot(struct intake_state *state, char type, int slot, struct curb_str payload)
{
	if (state->slots[slot] < 0)
		return broken("bytes for no file");
	struct blob_file *blob = state->files[state->slots[slot]].blob;
	switch (type) {
	case 'D': return data(state, blob, payload);
	case 'P': return patch(blob, payload);
	default: return payload.len ? broken("an end with bytes") : close_slot(state, slot);
	}
}

void intake_find(struct intake_state *state, const char *code, struct curb_str where, struct curb_str a,
                 struct curb_str b)
{
	const struct content_finding_code *row = content_finding_code(code, strlen(code));
	CURB_ASSERT(row);
	if (row->severity == CONTENT_REFUSED)
		state->refused = true;
	if (!state->findings)
		state->findings = curb_alloc_n(state->arena, INTAKE_FINDINGS, sizeof *state->findings);
	/* the last place is kept for a refusal, so that one is always told */
	size_t room = row->severity == CONTENT_REFUSED ? INTAKE_FINDINGS : INTAKE_FINDINGS - 1;
	if (state->finding_count < room)
		state->findings[state->finding_count++] =
			(struct intake_finding){ row, curb_dup(state->arena, where),
			                         curb_dup(state->arena, a), curb_dup(state->arena, b) };
}

static int finding(struct intake_state *state, struct curb_str payload)
{
	enum { FACT_MAX = 1000 }; /* 300 bytes, each perhaps become U+FFFD */
	struct curb_value *value = NULL;
	int err = parse_passing(state, payload, &value);
	if (err)
		return err;
	struct curb_str code = curb_get_str(value, "code"), where = curb_get_str(value, "where");
	struct curb_str a = curb_get_str(value, "a"), b = curb_get_str(value, "b");
	const struct content_finding_code *row = code.ptr ? content_finding_code(code.ptr, code.len) : NULL;
	if (!row || where.len > FACT_MAX || a.len > FACT_MAX || b.len > FACT_MAX)
		return broken("an unknown finding");
	intake_find(state, row->code, where, a, b);
	return 0;
}

void intake_progress(struct intake_state *state, int permille)
{
	if (permille <= state->permille)
		return;
	state->permille = permille;
	if (state->job->progress)
		state->job->progress(state->job->arg, permille, state->making);
}

static int progress(struct intake_state *state, struct curb_str payload)
{
	enum { WHOLE = 1000 };
	const unsigned char *b = (const unsigned char *)payload.ptr;
	if (payload.len != 4 || b[2] || b[3] || (b[0] | b[1] << 8) > WHOLE)
		return broken("a progress beyond the end");
	intake_progress(state, b[0] | b[1] << 8);
	return 0;
}

/* A pack says first which versions it has; then they come, one a frame. */
static int result(struct intake_state *state, struct curb_str payload)
{
	if (!state->package)
		return parse(state->arena, payload, &state->package);
	if (!intake_is_pack(state) || state->version_count == INTAKE_VERSIONS ||
	    payload.len > INTAKE_PACK - state->version_bytes)
		return broken("a second package");
	if (!state->versions)
		state->versions = curb_alloc_n(state->arena, INTAKE_VERSIONS, sizeof(struct curb_value *));
	state->version_bytes += payload.len;
	return parse(state->arena, payload, &state->versions[state->version_count++]);
}

int intake_frame(struct intake_state *state, char type, int slot, struct curb_str payload)
{
	if (state->ended)
		return broken("more after the end");
	switch (type) {
	case 'O': return open_slot(state, slot, payload);
	case 'D':
	case 'P':
	case 'C': return in_slot(state, type, slot, payload);
	case 'F': return finding(state, payload);
	case 'G': return progress(state, payload);
	case 'T': return intake_form(state, payload);
	case 'R': return result(state, payload);
	case 'E': state->ended = true; return payload.len ? broken("an end with bytes") : 0;
	default: return broken("a frame of no known kind");
	}
}
