/* The program's arguments. What may be read is named: a format that is a list of other files is not among it. */
#include "form.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "curb/err.h"
#include "sandbox.h"
#include "wire.h"

enum { ARGUMENTS = 256, ROOM = 128, TEXTS = 16 };
enum { INPUT_FD = 3 };

static const char formats[] =
	"3gp,aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dts,dv,eac3,flac,flv,h264,hevc,ivf,m4v,"
	"matroska,webm,mov,mp4,m4a,3g2,mj2,mp3,mpeg,mpegts,mpegvideo,mxf,nut,ogg,rm,tta,wav,wv,w64";

/* Square pixels, no interlace, at most 1280 by 720, even sides. */
static const char picture[] = "yadif=deint=interlaced,scale=w='trunc(iw*sar/2)*2':h=ih,setsar=1,"
			      "scale=w='min(1280,iw)':h='min(720,ih)':force_original_aspect_ratio=decrease:"
			      "force_divisible_by=2,format=yuv420p";

/* A smaller picture for bad lines, by its shorter side: at most thirty pictures a second. */
#define LOW_SCALE(side)                                                     \
	"yadif=deint=interlaced,scale=w='trunc(iw*sar/2)*2':h=ih,setsar=1," \
	"scale=w='if(gt(iw,ih),-2," side ")':h='if(gt(iw,ih)," side ",-2)',format=yuv420p"
static const struct low {
	const char *want, *scale, *quality, *most, *buffer;
} lows[] = {
	{ WIRE_WANT_360, LOW_SCALE("360"), "23", "600k", "1200k" },
	{ WIRE_WANT_240, LOW_SCALE("240"), "24", "300k", "600k" },
};

struct arguments {
	const char *list[ARGUMENTS];
	size_t n;
	char rooms[2 * TEXTS + 1][ROOM];
	size_t used;
};

static void add(struct arguments *to, const char *const words[])
{
	for (; *words; words++) {
		CURB_ASSERT(to->n + 1 < ARGUMENTS);
		to->list[to->n++] = *words;
	}
}
#define ADD(to, ...) add(to, (const char *const[]){ __VA_ARGS__, NULL })

static char *room(struct arguments *to)
{
	CURB_ASSERT(to->used < sizeof to->rooms / sizeof *to->rooms);
	return to->rooms[to->used++];
}

static void add_input(struct arguments *to, const char *offset, const char *size)
{
	char *name = room(to);
	uint64_t from = strtoull(offset, NULL, 10), length = strtoull(size, NULL, 10);
	(void)snprintf(name, ROOM, "subfile,,start,%" PRIu64 ",end,%" PRIu64 ",,:/proc/self/fd/%d", from,
	               from + length, INPUT_FD);
	ADD(to, "-nostdin", "-hide_banner", "-nostats", "-v", "info", "-progress", "pipe:2",
	    "-protocol_whitelist", "file,subfile", "-format_whitelist", formats, "-max_streams", "64",
	    "-max_pixels", "36000000", "-fflags", "+genpts", "-threads", "4", "-filter_threads", "2", "-i",
	    name);
}

static void add_picture(struct arguments *to)
{
	ADD(to, "-map", "0:V:0?", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", "3M",
	    "-bufsize", "6M", "-fpsmax", "60", "-force_key_frames", "expr:gte(t,n_forced*4)", "-vf", picture,
	    "-threads", "4");
}

static void add_low_picture(struct arguments *to, const struct low *low)
{
	ADD(to, "-map", "0:V:0", "-c:v", "libx264", "-preset", "veryfast", "-crf", low->quality, "-maxrate",
	    low->most, "-bufsize", low->buffer, "-fpsmax", "30", "-force_key_frames",
	    "expr:gte(t,n_forced*4)", "-vf", low->scale, "-threads", "4");
}

static void add_low_sound(struct arguments *to, const char *which)
{
	ADD(to, "-map", which, "-c:a", "aac", "-b:a", "48k", "-ac", "1", "-ar", "48000", "-af",
	    "aresample=async=1000");
}

static void add_sound(struct arguments *to, const char *which)
{
	ADD(to, "-map", which, "-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "48000", "-af",
	    "aresample=async=1000");
}

/* "2c5s": stream 2 as it is, stream 5 as SubRip. */
static void add_texts(struct arguments *to, const char *texts)
{
	for (int i = 0; *texts && i < TEXTS; i++) {
		char *end = NULL, *stream = room(to), *codec = room(to);
		(void)snprintf(stream, ROOM, "0:%lu", strtoul(texts, &end, 10));
		(void)snprintf(codec, ROOM, "-c:s:%d", i);
		ADD(to, "-map", stream, codec, *end == 's' ? "srt" : "copy");
		texts = *end ? end + 1 : end;
	}
}

/* What programs that write down speech read: one channel, 16 kHz, no head. It begins where the lesson does, also when its sound comes
 * in later. */
static void add_speech(struct arguments *to)
{
	ADD(to, "-map", "0:a:0", "-c:a", "pcm_s16le", "-ac", "1", "-ar", "16000", "-af",
	    "aresample=async=1:first_pts=0", "-f", "s16le", "pipe:1");
}

/* False: no rendition is wanted. */
static bool add_rendition(struct arguments *to, const char *want)
{
	for (size_t i = 0; i < sizeof lows / sizeof *lows; i++)
		if (strcmp(want, lows[i].want) == 0) {
			add_low_picture(to, &lows[i]);
			add_low_sound(to, "0:a:0?");
			return true;
		}
	if (strcmp(want, WIRE_WANT_LOW_SOUND) != 0)
		return false;
	add_low_sound(to, "0:a:0");
	return true;
}

static void add_form(struct arguments *to, const char *want, const char *texts)
{
	if (strcmp(want, WIRE_WANT_SOUND) != 0)
		add_picture(to);
	if (strcmp(want, WIRE_WANT_ALL) == 0)
		add_sound(to, "0:a?");
	else if (strcmp(want, WIRE_WANT_SOUND) == 0)
		add_sound(to, "0:a:0");
	add_texts(to, texts);
}

void form_make(char *const asked[5])
{
	static char *const environment[] = { (char *)"MALLOC_ARENA_MAX=2", NULL };
	struct arguments to = { .n = 0 };
	ADD(&to, asked[0]);
	bool speech = strcmp(asked[1], WIRE_WANT_SPEECH) == 0;
	if (speech)
		ADD(&to, "-copyts");
	add_input(&to, asked[2], asked[3]);
	if (speech)
		add_speech(&to);
	else if (!add_rendition(&to, asked[1]))
		add_form(&to, asked[1], asked[4]);
	if (!speech)
		ADD(&to, "-dn", "-max_muxing_queue_size", "4096", "-f", "matroska", "pipe:1");
	(void)setpriority(PRIO_PROCESS, 0, 19); /* who watches a lesson goes first */
	if (sandbox_program(&(struct sandbox_guest){ .program = asked[0], .input = INPUT_FD }))
		(void)execve(asked[0], (char *const *)(uintptr_t)to.list, environment);
}
