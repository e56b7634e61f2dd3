/* Two systems' figures side by side: who is on one side alone, who stands twice, what differs. */
#include "cm.h"
#include "compare.h"

enum { NAME, NUMBER, PROGRAMME, STARTS, ONLINE, COLUMNS, ROWS = 8 };

static struct curb_arena *arena;
static struct column columns[COLUMNS];

static int set_up(void **state)
{
	static const char *const words[COLUMNS] = { "name", "number", "programme", "starts", "online" };
	(void)state;
	arena = curb_arena_new(64 << 20);
	for (int i = 0; i < COLUMNS; i++)
		columns[i] = (struct column){ column_kind_named(curb_str(words[i])), curb_str(words[i]),
			                      curb_str(""), curb_str("") };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	curb_arena_free(arena);
	return 0;
}

/* ---- the list, and ours ---- */

static struct comparing begun(void)
{
	return (struct comparing){ .arena = arena,
		                   .columns = columns,
		                   .column_count = COLUMNS,
		                   .rows = curb_alloc_n(arena, ROWS, sizeof(struct listed)) };
}

static void list(struct comparing *c, const char *name, const char *mark, const char *programme,
                 const char *starts, const char *online)
{
	const char *texts[COLUMNS] = { name, mark, programme, starts, online };
	struct listed *row = &c->rows[c->row_count++];
	*row = (struct listed){ .row = (int64_t)c->row_count + 1,
		                .mark = curb_str(mark),
		                .name = curb_str(name),
		                .programme = curb_str(programme),
		                .cells = curb_alloc_n(arena, COLUMNS, sizeof *row->cells),
		                .wrong = curb_alloc_n(arena, COLUMNS, sizeof *row->wrong) };
	for (int i = 0; i < COLUMNS; i++)
		if (texts[i])
			row->wrong[i] = cell_read(&columns[i], curb_str(texts[i]), &row->cells[i]) !=
			                CELL_RIGHT;
}

static struct record of(const char *name, const char *programme, int64_t online_c)
{
	return (struct record){ .person = curb_str(curb_printf(arena, "p-%s", name)),
		                .name = curb_str(name),
		                .programme = curb_str(programme),
		                .starts_ms = 1803830400000, /* 2027-03-01 at the place */
		                .hour_s = 2700,
		                .online_s = online_c * 27 };
}

/* What is found, "L3:2:online:16.00:15.00:+1.00"; parts that are empty at the end are left out. */
static const char *found(const struct comparing *c)
{
	const char *text = "";
	for (size_t i = 0; i < c->n; i++) {
		const struct difference *d = &c->found[i];
		text = curb_printf(arena, "%s%s%s:%d:%.*s", text, i ? " " : "",
		                   difference_words[d->kind].code, (int)d->row, (int)d->name.len,
		                   d->name.ptr);
		if (d->heading.len)
			text = curb_printf(arena, "%s:%.*s:%.*s:%.*s:%.*s", text, (int)d->heading.len,
			                   d->heading.ptr, (int)d->ours.len, d->ours.ptr, (int)d->theirs.len,
			                   d->theirs.ptr, (int)d->more.len, d->more.ptr);
	}
	return text;
}

/* All of it, with ours and their numbers. */
static const char *compared(struct comparing *c, const struct record *ours, const char *const *marks,
                            size_t n)
{
	compare_begin(c);
	for (int pass = COMPARE_SAME; pass <= COMPARE_REST; pass++)
		for (size_t i = 0; i < n; i++)
			compare_record(c, (enum compare_pass)pass, &ours[i], curb_str(marks[i]));
	compare_end(c);
	return found(c);
}

/* ---- who is who ---- */

static void compare__of_what_is_the_same_nothing_is_told(void **state)
{
	const struct record ours[] = { of("Li", "Massage", 1600), of("Wang", "Massage", 1350) };
	static const char *const marks[] = { "m1", NULL };
	struct comparing c = begun();
	(void)state;
	list(&c, "L i", "m1", "Mas sage", "2027/3/1", "16");
	list(&c, "\xe3\x80\x80Wang ", NULL, "Massage", "20270301", "13.5");
	assert_string_equal(compared(&c, ours, marks, 2), "");
	assert_false(c.more);
}

static void compare__who_is_on_one_side_alone_is_told(void **state)
{
	const struct record ours[] = { of("Li", "Massage", 1600) };
	static const char *const marks[] = { "m1" };
	struct comparing c = begun();
	(void)state;
	list(&c, "Wang", "m2", "Massage", "2027-03-01", "16");
	assert_string_equal(compared(&c, ours, marks, 1), "L1:0:Li L2:2:Wang");
	assert_true(curb_str_is(c.found[0].person, "p-Li"));
	assert_null(c.found[1].person.ptr);
	assert_true(curb_str_is(c.found[1].mark, "m2"));
}

static void compare__a_number_tells_more_than_a_name(void **state)
{
	const struct record ours[] = { of("Li", "Massage", 1600), of("Wang", "Massage", 1600) };
	static const char *const marks[] = { "m1", "m3" };
	struct comparing c = begun();
	(void)state;
	list(&c, "Lee", "m1", "Massage", "2027-03-01", "16");  /* the same person, written otherwise */
	list(&c, "Wang", "m2", "Massage", "2027-03-01", "16"); /* another person of that name */
	assert_string_equal(compared(&c, ours, marks, 2), "L3:2:Li:name:Li:Lee: L1:0:Wang L2:3:Wang");
}

static void compare__who_has_no_number_on_one_side_is_found_by_name(void **state)
{
	const struct record ours[] = { of("Li", "Massage", 1600), of("Wang", "Massage", 1600) };
	static const char *const marks[] = { "m1", NULL };
	struct comparing c = begun();
	(void)state;
	list(&c, "Li", NULL, "Massage", "2027-03-01", "16");
	list(&c, "Wang", "m2", "Massage", "2027-03-01", "16");
	assert_string_equal(compared(&c, ours, marks, 2), "");
}

static void compare__twice_there_and_twice_here(void **state)
{
	const struct record ours[] = { of("Li", "Massage", 1600), of("Li", "Massage", 1500) };
	static const char *const marks[] = { "m1", "m1" };
	struct comparing c = begun();
	(void)state;
	list(&c, "Li", "m1", "Massage", "2027-03-01", "16");
	list(&c, "Li", "m1", "Massage", "2027-03-01", "10");
	list(&c, "Zhao", NULL, "Massage", "2027-03-01", "16");
	list(&c, "Zhao", "m4", "Massage", "2027-03-01", "16"); /* may be the same one */
	list(&c, "Zhao", "m4", "Cooking", "2027-03-01", "16"); /* of another class */
	list(&c, "Sun", "m5", "Massage", "2027-03-01", "16");
	list(&c, "Sun", "m6", "Massage", "2027-03-01", "16"); /* another person */
	assert_string_equal(compared(&c, ours, marks, 2),
	                    "L4:3:Li L4:5:Zhao L5:2:Li L2:4:Zhao L2:6:Zhao L2:7:Sun L2:8:Sun");
}

static void compare__rows_of_several_classes_go_where_they_fit(void **state)
{
	const struct record ours[] = { of("Li", "Cooking", 1600), of("Li", "Massage", 1500),
		                       of("Li", "Sewing", 100) };
	static const char *const marks[] = { "m1", "m1", "m1" };
	struct comparing c = begun();
	(void)state;
	list(&c, "Li", "m1", "Massage", "2027-03-01", "15");
	list(&c, "Li", "m1", "Cookery", "2027-03-01", "16"); /* called otherwise there */
	assert_string_equal(compared(&c, ours, marks, 3), "L3:3:Li:programme:Cooking:Cookery: L1:0:Li");
}

static void compare__of_rows_of_one_programme_the_one_that_began_then_is_hers(void **state)
{
	struct record ours[] = { of("Li", "", 1600), of("Li", "Massage", 1500) };
	static const char *const marks[] = { "m1", "m1" };
	struct comparing c = begun();
	(void)state;
	ours[0].programme = curb_str("Massage");
	list(&c, "Li", "m1", "Sewing", "2026-03-01", "9");
	list(&c, "Li", "m1", "", "2027-03-01", "16"); /* no class is told: it is any */
	ours[1].starts_ms -= 365 * 86400000LL;
	ours[1].programme = curb_str("Sewing");
	assert_string_equal(compared(&c, ours, marks, 2),
	                    "L3:3:Li:programme:Massage:: L3:2:Li:online:15.00:9.00:+6.00");
}

static void compare__who_has_left_is_told_where_the_list_has_her(void **state)
{
	struct record ours[] = { of("Li", "Massage", 1600), of("Wang", "Massage", 1600),
		                 of("Li", "Massage", 1600) };
	static const char *const marks[] = { "m1", NULL, "m1" };
	struct comparing c = begun();
	(void)state;
	ours[0].left_ms = ours[1].left_ms = ours[2].left_ms = 5;
	list(&c, "Li", "m1", "Massage", "2027-03-01", "16");
	assert_string_equal(compared(&c, ours, marks, 3), "L6:2:Li");
	assert_true(curb_str_is(c.found[0].person, "p-Li"));
}

/* ---- figures ---- */

static void compare__each_figure_that_differs_is_told(void **state)
{
	struct record ours[] = { of("Li", "Massage", 1600) };
	static const char *const marks[] = { "m1" };
	struct comparing c = begun();
	(void)state;
	list(&c, "Li", "m1", "Massage", "2027-03-02", "18.5");
	assert_string_equal(compared(&c, ours, marks, 1),
	                    "L3:2:Li:starts:2027-03-01:2027-03-02: L3:2:Li:online:16.00:18.50:-2.50");
}

static void compare__a_cell_that_could_not_be_read_is_told_and_not_compared(void **state)
{
	struct record ours[] = { of("Li", "Massage", 1600) };
	static const char *const marks[] = { "m1" };
	struct comparing c = begun();
	(void)state;
	list(&c, "Li", "m1", "Massage", "2027-03-01", "many");
	compare_cell(&c, &c.rows[0], DIFFERENCE_NO_FIGURE, &columns[ONLINE], curb_str("many"));
	list(&c, "", NULL, "Massage", "2027-03-01", "16");
	compare_cell(&c, &c.rows[1], DIFFERENCE_NOBODY, NULL, curb_str(""));
	assert_string_equal(compared(&c, ours, marks, 1), "S4:2:Li:online::many: S7:3:");
}

static void compare__columns_that_carry_nothing_of_ours_are_not_compared(void **state)
{
	static const char *const words[] = { "number", "fixed", "nothing" };
	struct record ours[] = { of("Li", "Massage", 1600) };
	static const char *const marks[] = { NULL };
	struct comparing c = begun();
	struct column others[] = { columns[NAME], columns[NAME], columns[NAME] };
	(void)state;
	for (int i = 0; i < 3; i++)
		others[i].kind = column_kind_named(curb_str(words[i]));
	list(&c, "Li", NULL, "Massage", "2027-03-01", "16");
	c.columns = others;
	c.column_count = 3;
	assert_string_equal(compared(&c, ours, marks, 1), "");
}

/* ---- bounds ---- */

static void compare__what_has_no_room_is_counted_out_and_harms_nothing(void **state)
{
	const struct record one = of("Li", "Massage", 1600);
	struct comparing c = begun();
	(void)state;
	list(&c, "Wang", NULL, "Massage", "2027-03-02", "9");
	compare_begin(&c);
	for (int i = 0; i < DIFFERENCES_MOST; i++)
		compare_record(&c, COMPARE_REST, &one, curb_str(NULL));
	assert_int_equal(c.n, DIFFERENCES_MOST);
	assert_false(c.more);
	const struct record wang = of("Wang", "Massage", 1600);
	compare_record(&c, COMPARE_SAME, &wang, curb_str(NULL)); /* two figures differ */
	compare_end(&c);
	assert_int_equal(c.n, DIFFERENCES_MOST);
	assert_true(c.more);
	compare_record(&c, COMPARE_REST, &one, curb_str(NULL));
	assert_int_equal(c.n, DIFFERENCES_MOST);
}

static void compare__names_are_compared_as_far_as_records_have_them(void **state)
{
	char one[RECORD_TEXT + 20], other[RECORD_TEXT + 20];
	struct comparing c = begun();
	struct record ours = of("Li", "Massage", 1600);
	static const char *const marks[] = { NULL };
	(void)state;
	memset(one, 'a', sizeof one);
	memset(other, 'a', sizeof other);
	one[sizeof one - 1] = other[RECORD_TEXT] = '\0';
	ours.name = curb_str(one);
	list(&c, other, NULL, "Massage", "2027-03-01", "16");
	c.rows[0].wrong[NAME] = true;
	assert_string_equal(compared(&c, &ours, marks, 1), "");
}

static void compare__an_empty_list_and_no_records_are_fine(void **state)
{
	const struct record ours[] = { of("Li", "Massage", 1600) };
	static const char *const marks[] = { "m1" };
	struct comparing c = begun(), none = begun();
	(void)state;
	assert_string_equal(compared(&c, ours, marks, 1), "L1:0:Li");
	assert_string_equal(compared(&none, ours, marks, 0), "");
	const struct record nobody[] = { of(" ", "Massage", 1600) };
	static const char *const no_marks[] = { NULL };
	struct comparing one = begun();
	list(&one, "Li", NULL, "Massage", "2027-03-01", "16");
	assert_string_equal(compared(&one, nobody, no_marks, 1), "L1:0:  L2:2:Li");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compare__of_what_is_the_same_nothing_is_told),
		cmocka_unit_test(compare__who_is_on_one_side_alone_is_told),
		cmocka_unit_test(compare__a_number_tells_more_than_a_name),
		cmocka_unit_test(compare__who_has_no_number_on_one_side_is_found_by_name),
		cmocka_unit_test(compare__twice_there_and_twice_here),
		cmocka_unit_test(compare__rows_of_several_classes_go_where_they_fit),
		cmocka_unit_test(compare__of_rows_of_one_programme_the_one_that_began_then_is_hers),
		cmocka_unit_test(compare__who_has_left_is_told_where_the_list_has_her),
		cmocka_unit_test(compare__each_figure_that_differs_is_told),
		cmocka_unit_test(compare__a_cell_that_could_not_be_read_is_told_and_not_compared),
		cmocka_unit_test(compare__columns_that_carry_nothing_of_ours_are_not_compared),
		cmocka_unit_test(compare__what_has_no_room_is_counted_out_and_harms_nothing),
		cmocka_unit_test(compare__names_are_compared_as_far_as_records_have_them),
		cmocka_unit_test(compare__an_empty_list_and_no_records_are_fine),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
