#include "mp4_frag.h"

#include <limits.h>

void mp4_samples_init(struct mp4_samples *samples)
{
	*samples = (struct mp4_samples){ .lowest_shift = INT32_MAX, .all_sync = true };
	samples->sizes = curb_buf((size_t)MP4_SAMPLES_MAX * 4);
	samples->times = curb_buf((size_t)MP4_SAMPLES_MAX * 8);
	samples->shifts = curb_buf((size_t)MP4_SAMPLES_MAX * 8);
	samples->syncs = curb_buf((size_t)MP4_SAMPLES_MAX * 4);
}

void mp4_samples_done(struct mp4_samples *samples)
{
	curb_buf_free(&samples->sizes);
	curb_buf_free(&samples->times);
	curb_buf_free(&samples->shifts);
	curb_buf_free(&samples->syncs);
}

static void close_times(struct mp4_samples *samples)
{
	if (!samples->run_times)
		return;
	curb_buf_u32(&samples->times, samples->run_times);
	curb_buf_u32(&samples->times, samples->last_time);
	samples->run_times = 0;
}

static void close_shifts(struct mp4_samples *samples)
{
	if (!samples->run_shifts)
		return;
	curb_buf_u32(&samples->shifts, samples->run_shifts);
	curb_buf_u32(&samples->shifts, (uint32_t)samples->last_shift);
	samples->run_shifts = 0;
}

void mp4_samples_close(struct mp4_samples *samples)
{
	close_times(samples);
	close_shifts(samples);
}

void mp4_sample_add(struct mp4_samples *samples, uint32_t size, uint32_t duration, int32_t shift, bool sync)
{
	samples->count++;
	curb_buf_u32(&samples->sizes, size);
	if (duration != samples->last_time)
		close_times(samples);
	if (shift != samples->last_shift)
		close_shifts(samples);
	samples->last_time = duration;
	samples->last_shift = shift;
	samples->run_times++;
	samples->run_shifts++;
	if (shift < samples->lowest_shift)
		samples->lowest_shift = shift;
	if (sync)
		curb_buf_u32(&samples->syncs, samples->count);
	else
		samples->all_sync = false;
}
