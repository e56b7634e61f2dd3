/* The rows, the ledger and the persons that certificates need, without pages. */
#include "house.h"

#include <sodium.h>

#include "certificate_embedded.h"
#include "curb/job.h"
#include "curb/words.h"
#include "people.h"
#include "roles.h"

struct curb_host certificate_host = { .magic = CURB_HOST_MAGIC, .owner = "certificate" };

/* What others are told, one event behind the other; the queue of the core is not here. */
char told[512];
int curb_emit(struct curb_host *host, struct curb_tx *tx, const char *name, struct curb_str payload)
{
	(void)tx;
	size_t at = strlen(told);
	assert_ptr_equal(host, &certificate_host);
	(void)snprintf(told + at, sizeof told - at, "%s %.*s\n", name, (int)payload.len, payload.ptr);
	return 0;
}

static int tell_earned(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *cohort,
                       const struct curb_id *person, struct credit_earned *ret)
{
	(void)tx;
	(void)cohort;
	(void)person;
	*ret = CURB_CONTAINER_OF(self, struct house, credit)->earned;
	return 0;
}

static int tell_member(const struct credit_api *self, struct curb_tx *tx, const struct curb_id *cohort,
                       const struct curb_id *person)
{
	(void)self;
	(void)tx;
	(void)cohort;
	(void)person;
	return 0;
}

static struct curb_id add_person(struct house *house, const char *name)
{
	static const char sql[] = "INSERT INTO core_person (id, sign_in, shown, password_hash, made_ms) "
				  "VALUES ($1, $2, $2, '', 1)";
	struct curb_id id = curb_id_new(house->now_ms);
	assert_int_equal(
		write_sql(&house->f, &curb_core_host, sql, CURB_BINDS(curb_bind_id(&id), curb_cstring(name))),
		0);
	return id;
}

static void add_institution(struct house *house)
{
	static const char *const rows[] = {
		"INSERT INTO core_region (id, name) VALUES ('r', 'R')",
		"INSERT INTO core_institution (id, region, name, made_ms) VALUES ('i', 'r', 'Base', 1)",
	};
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(write_sql(&house->f, &curb_core_host, rows[i], CURB_NO_BINDS), 0);
}

/* Of the pages' words, which are not here. */
int64_t curb_day_of(int64_t ms)
{
	return ms / (24 * 3600 * 1000);
}

struct curb_str curb_words_masked(struct curb_arena *arena, struct curb_str name)
{
	(void)arena;
	return curb_str_n(name.ptr, name.len > 0);
}

struct credit_class class_of_ten(void)
{
	return (struct credit_class){ .id = curb_id_of(curb_str("01a00000-0000-7000-8000-00000000000c")),
		                      .institution = { "i" },
		                      .programme = curb_str("Massage"),
		                      .total_c = 1000,
		                      .offline_c = 600,
		                      .hour_s = 2700,
		                      .starts_ms = 1,
		                      .ends_ms = INT64_C(1835398800000),
		                      .closes_ms = INT64_C(1835398800000) };
}

static int tell_class(const struct credit_api *self, struct curb_tx *tx, struct curb_str id,
                      struct credit_class *ret_class)
{
	(void)self;
	(void)tx;
	(void)id;
	*ret_class = class_of_ten();
	return 0;
}

int open_house(void **state)
{
	static struct house house;
	const unsigned char seed[32] = { 3 };
	char folder[128];
	told[0] = '\0';
	house = (struct house){ .now_ms = INT64_C(1803862800000) };
	fixture_open(&house.f);
	(void)snprintf(folder, sizeof folder, "%s/ledger", house.f.folder.path);
	assert_int_equal(note_signer_of("school.example", NOTE_ED25519, seed, &house.signer), 0);
	const struct ledger_options options = {
		.store = house.f.store, .signer = &house.signer, .folder = folder, .every_ms = 60000
	};
	assert_int_equal(store_migrate_part(house.f.store, &curb_core_host, "people", people_migrations), 0);
	assert_int_equal(store_migrate_part(house.f.store, &curb_core_host, "roles", roles_migrations), 0);
	assert_int_equal(store_migrate(house.f.store, &ledger_host, ledger_migrations), 0);
	assert_int_equal(ledger_open(&options, &house.ledger), 0);
	assert_int_equal(store_migrate(house.f.store, &certificate_host, certificate_migrations), 0);
	house.credit = (struct credit_api){ .head = { sizeof house.credit },
		                            .earned = tell_earned,
		                            .member = tell_member,
		                            .class_by_id = tell_class };
	house.c = (struct certificate){ .host = &certificate_host,
		                        .credit = &house.credit,
		                        .key = sign_key_new(seed) };
	certificate_held_api(&house.c.api);
	house.earned = (struct credit_earned){ .total_s = 27000,
		                               .complete_m = 1000,
		                               .complete_s = 27000,
		                               .counted_s = 27000,
		                               .offline_s = 16200 };
	add_institution(&house);
	house.staff = add_person(&house, "staff");
	house.colleague = add_person(&house, "colleague");
	house.trainee = add_person(&house, "Wang");
	*state = &house;
	return 0;
}

int close_house(void **state)
{
	struct house *house = *state;
	ledger_close(house->ledger);
	sign_key_free(house->c.key);
	fixture_close(&house->f);
	return 0;
}

/* ---- ten class hours, six of them offline ---- */

static int do_issue(struct curb_tx *tx, void *arg)
{
	struct doing *doing = arg;
	return certificate_issue(&doing->house->c, tx, &doing->issuing, &doing->issued);
}

int issue_as(struct house *house, uint32_t roles, struct issued *ret)
{
	struct doing doing = { .house = house,
		               .issuing = { .class = class_of_ten(),
		                            .person = house->trainee,
		                            .by = house->staff,
		                            .origin = curb_str("https://school.example"),
		                            .roles = roles,
		                            .role = "staff",
		                            .now_ms = house->now_ms } };
	int err = write_fn(&house->f, do_issue, &doing);
	if (!err && ret)
		*ret = doing.issued;
	return err;
}

int issue(struct house *house, struct issued *ret)
{
	return issue_as(house, CERTIFICATE_MAKERS, ret);
}

static int do_assess(struct curb_tx *tx, void *arg)
{
	struct doing *doing = arg;
	struct house *house = doing->house;
	int err = assess_enter(&house->c, tx, &doing->sitting, "staff");
	return err ? err :
	             assess_sign(&house->c, tx, curb_id_str(&doing->sitting.id), &house->colleague, "staff",
	                         house->now_ms);
}

void assess(struct house *house, enum outcome theory, enum outcome practice)
{
	struct doing doing = { .house = house,
		               .sitting = { .cohort = class_of_ten().id,
		                            .person = house->trainee,
		                            .theory = theory,
		                            .practice = practice,
		                            .theory_points = -1,
		                            .practice_points = -1,
		                            .examiner = curb_str("Q"),
		                            .adjustments = curb_str("reader"),
		                            .other = curb_str(""),
		                            .reason = curb_str(""),
		                            .entered_by = house->staff,
		                            .entered_ms = house->now_ms++ } };
	assert_int_equal(write_fn(&house->f, do_assess, &doing), 0);
}

int64_t count(struct house *house, const char *sql)
{
	return read_int(&house->f, &certificate_host, sql, NULL);
}

int do_withdraw(struct curb_tx *tx, void *arg)
{
	struct doing *doing = arg;
	return certificate_withdraw(&doing->house->c, tx, &doing->withdrawing, &doing->made);
}

int do_sign(struct curb_tx *tx, void *arg)
{
	struct doing *doing = arg;
	return certificate_withdraw_sign(&doing->house->c, tx, &doing->withdrawing, &doing->made);
}

int withdraw(struct house *house, const struct issued *issued, curb_write_fn fn, const struct curb_id *by,
             bool renew, struct curb_id *ret_made)
{
	struct issued now;
	assert_int_equal(issued_by_id(&house->c, store_begin(house->f.reader, house->f.arena),
	                              curb_id_str(&issued->id), &now),
	                 0);
	store_end(house->f.reader);
	struct doing doing = { .house = house,
		               .withdrawing = { .id = issued->id,
		                                .by = *by,
		                                .shown = now.withdrawal,
		                                .reason = curb_str("the name is wrong"),
		                                .origin = curb_str("https://school.example"),
		                                .role = "staff",
		                                .renew = renew,
		                                .now_ms = house->now_ms++ } };
	int err = write_fn(&house->f, fn, &doing);
	*ret_made = doing.made;
	return err;
}
