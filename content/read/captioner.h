/* Captions drafted by a program of others: a WAV file comes in at its standard input, WebVTT goes out at its standard output.
 * The rule: this process only closes the walls and becomes the program, whose one argument is the language of the speech.
 */
#ifndef CONTENT_CAPTIONER_H
#define CONTENT_CAPTIONER_H

/* `asked`: the program's path, what else it may read, what else it may execute (struct sandbox_guest), the language ("" when it is not
 * known). Returns only when it cannot be; the exit code is then FORM_NO_WALLS. */
void captioner_become(char *const asked[4]);

#endif
