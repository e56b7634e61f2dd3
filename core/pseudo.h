/* Languages that show what is not ready for others; in the tests' build alone.
 * en-XA: every translated text ⟦àççéntéd⟧, in brackets and two fifths longer. ar-XB: the same from right to left.
 * The rule: a text that stands outside of the brackets is in no list of translations.
 */
#ifndef CURB_PSEUDO_H
#define CURB_PSEUDO_H

struct pages;

/* Adds both, made of the texts that are there, when CURBCUT_PSEUDO is set in the environment. Before pages_seal. */
int pseudo_add(struct pages *pages);

#endif
