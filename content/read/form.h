/* A form that browsers play, made by the program ffmpeg: H.264 and AAC in Matroska, from any media that it reads.
 * The rule: this process only closes the walls and becomes the program. Descriptors: 1 the form, 2 what the program says,
 * 3 the file that the media lie in.
 */
#ifndef CONTENT_FORM_H
#define CONTENT_FORM_H

enum { FORM_NO_WALLS = 90 }; /* exit code of what could not become the program; WIRE's answer is then 2 */

/* `asked`: the program's path, then of its media WIRE_WANT_…, first byte, length, texts; as content/store/form.c checked
 * them. Returns only when it cannot be. */
void form_make(char *const asked[5]);

#endif
