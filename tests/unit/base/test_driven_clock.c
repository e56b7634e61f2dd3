#include "cm.h"

#include <sys/mman.h>
#include <unistd.h>

#include "clock.c"

/* The test build's clock: what the test writes into its file is what the program reads. */
static void clock__is_driven_by_a_descriptor(void **unused)
{
	(void)unused;
	assert_true(curb_wall_ms() > INT64_C(1600000000000));
	int fd = memfd_create("clock", MFD_CLOEXEC);
	assert_int_equal(ftruncate(fd, 3 * sizeof(int64_t)), 0);
	int64_t *hands = mmap(NULL, 3 * sizeof *hands, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(hands, MAP_FAILED);
	hands[0] = 5000;
	hands[1] = 70;
	hands[2] = 1;
	assert_int_equal(curb_clock_map(-1), CURB_EINVAL);
	assert_int_equal(curb_clock_map(fd), 0);
	assert_int_equal(curb_wall_ms(), 5000);
	assert_int_equal(curb_boot_ms(), 70);
	assert_string_equal(curb_boot_id(), "test-boot-1");
	hands[1] = 90;
	hands[2] = 2;
	assert_int_equal(curb_boot_ms(), 90);
	assert_string_equal(curb_boot_id(), "test-boot-2");
	(void)munmap(hands, 3 * sizeof *hands);
	(void)close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clock__is_driven_by_a_descriptor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
