#include "trust.h"

#include <string.h>

#include "curb/err.h"

struct reading {
	struct trust *trust;
	struct curb_str rest; /* of the line */
	int line;
};

static int wrong(const struct reading *r, const char *what)
{
	return curb_fail(CURB_EINVAL, "line %d of the policy: %s", r->line, what);
}

/* The next word of the line. False: there is none. */
static bool word(struct reading *r, struct curb_str *ret_word)
{
	struct curb_str rest = r->rest;
	while (rest.len && (rest.ptr[0] == ' ' || rest.ptr[0] == '\t'))
		rest = curb_str_from(rest, 1);
	size_t n = 0;
	while (n < rest.len && rest.ptr[n] != ' ' && rest.ptr[n] != '\t')
		n++;
	*ret_word = curb_str_n(rest.ptr, n);
	r->rest = curb_str_from(rest, n);
	return n > 0;
}

static int at_end(struct reading *r)
{
	struct curb_str more;
	return word(r, &more) ? wrong(r, "there is something behind its end") : 0;
}

static bool fits(char *to, size_t room, struct curb_str text)
{
	if (text.len >= room)
		return false;
	memcpy(to, text.ptr, text.len);
	to[text.len] = '\0';
	return true;
}

/* KEY [URL] at the end of a line, of a party that is not there yet. */
static int read_party(struct reading *r, enum note_type type, struct trust_party *parties, size_t *count,
                      size_t most)
{
	struct curb_str key, url;
	if (*count == most)
		return wrong(r, "there are too many of them");
	struct trust_party *party = &parties[*count];
	party->url[0] = '\0';
	if (!word(r, &key) || note_key_read(key, &party->key) || party->key.type != type)
		return wrong(r, type == NOTE_COSIGNATURE ? "this is not the public key of a witness" :
		                                           "this is not the public key of a ledger");
	for (size_t i = 0; i < *count; i++)
		if (memcmp(parties[i].key.public_key, party->key.public_key, sizeof party->key.public_key) ==
		    0)
			return wrong(r, "this key stands there twice");
	if (word(r, &url) && !fits(party->url, sizeof party->url, url))
		return wrong(r, "the address is too long");
	++*count;
	return at_end(r);
}

static struct trust_node *find(struct trust *trust, struct curb_str name)
{
	for (size_t i = 0; i < trust->node_count; i++)
		if (curb_str_is(name, trust->nodes[i].name))
			return &trust->nodes[i];
	return NULL;
}

/* A new name. */
static int read_node(struct reading *r, struct trust_node **ret_node)
{
	struct trust *trust = r->trust;
	struct curb_str name;
	if (!word(r, &name) || curb_str_is(name, "none") || find(trust, name))
		return wrong(r, "a name of its own is missing");
	if (trust->node_count == sizeof trust->nodes / sizeof *trust->nodes)
		return wrong(r, "there are too many names");
	struct trust_node *node = &trust->nodes[trust->node_count];
	memset(node, 0, sizeof *node);
	if (!fits(node->name, sizeof node->name, name))
		return wrong(r, "the name is too long");
	*ret_node = node;
	return 0;
}

static int read_log(struct reading *r)
{
	return read_party(r, NOTE_ED25519, r->trust->logs, &r->trust->log_count, TRUST_LOGS);
}

static int read_witness(struct reading *r)
{
	struct trust_node *node;
	int err = read_node(r, &node);
	if (err)
		return err;
	node->witness = r->trust->witness_count;
	err = read_party(r, NOTE_COSIGNATURE, r->trust->witnesses, &r->trust->witness_count, TRUST_WITNESSES);
	if (!err)
		r->trust->node_count++;
	return err;
}

static int read_least(const struct reading *r, struct curb_str least, struct trust_node *node)
{
	uint64_t k = curb_str_is(least, "all") ? node->count : 1;
	if (!curb_str_is(least, "all") && !curb_str_is(least, "any") && !note_number(least, &k))
		return wrong(r, "behind the name of a group comes all, any or a number");
	if (k < 1 || k > node->count)
		return wrong(r, "the number must be one from 1 to that of its members");
	node->least = (size_t)k;
	return 0;
}

static int read_group(struct reading *r)
{
	struct trust_node *node;
	struct curb_str least, name;
	int err = read_node(r, &node);
	if (err)
		return err;
	node->is_group = true;
	if (!word(r, &least))
		return wrong(r, "behind the name of a group comes all, any or a number");
	while (word(r, &name)) {
		struct trust_node *member = find(r->trust, name);
		if (!member || member->is_member)
			return wrong(r, "a member must be a witness or a group of a line before, and of one "
			                "group alone");
		member->is_member = true;
		node->members[node->count++] = (unsigned char)(member - r->trust->nodes);
	}
	err = read_least(r, least, node);
	if (!err)
		r->trust->node_count++;
	return err;
}

static int read_quorum(struct reading *r)
{
	struct trust *trust = r->trust;
	struct curb_str name;
	if (trust->has_quorum || !word(r, &name))
		return wrong(r, "there must be one quorum, with a name");
	trust->has_quorum = true;
	trust->wants_some = !curb_str_is(name, "none");
	const struct trust_node *node = trust->wants_some ? find(trust, name) : trust->nodes;
	if (!node)
		return wrong(r, "the quorum must be a witness or a group of a line before");
	trust->quorum = (size_t)(node - trust->nodes);
	return at_end(r);
}

static int read_line(struct reading *r)
{
	static const struct {
		const char *word;
		int (*read)(struct reading *r);
	} kinds[] = { { "log", read_log },
		      { "witness", read_witness },
		      { "group", read_group },
		      { "quorum", read_quorum } };
	struct curb_str kind;
	for (size_t i = 0; i < r->rest.len; i++) {
		unsigned char c = (unsigned char)r->rest.ptr[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return wrong(r, "there is a control character in it");
	}
	if (!word(r, &kind) || kind.ptr[0] == '#')
		return 0;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (curb_str_is(kind, kinds[i].word))
			return kinds[i].read(r);
	return wrong(r, "a line begins with log, witness, group or quorum");
}

int trust_read(struct curb_str text, struct trust *ret_trust)
{
	struct reading r = { .trust = ret_trust };
	struct curb_str rest = text;
	int err = 0;
	memset(ret_trust, 0, sizeof *ret_trust);
	while (!err && curb_str_cut(&rest, '\n', &r.rest)) {
		r.line++;
		err = read_line(&r);
	}
	if (!err && !ret_trust->has_quorum)
		err = wrong(&r, "the policy has no quorum; one that needs no witness is \"quorum none\"");
	return err;
}

bool trust_met(const struct trust *trust, const bool signed_by[static TRUST_WITNESSES])
{
	bool met[TRUST_WITNESSES + TRUST_GROUPS] = { false };
	for (size_t i = 0; i < trust->node_count; i++) {
		const struct trust_node *node = &trust->nodes[i];
		size_t n = 0;
		for (size_t k = 0; k < node->count; k++)
			n += met[node->members[k]];
		met[i] = node->is_group ? n >= node->least : signed_by[node->witness];
	}
	return !trust->wants_some || met[trust->quorum];
}
