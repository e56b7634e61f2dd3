/* Blobs: immutable files named by their SHA-256 under one folder.
 * The rule: a path is made of the 64 hex digits only; nothing else from outside is ever part of one.
 *
 * Thread rules: reading from any thread; a batch belongs to one thread.
 */
#ifndef CONTENT_BLOBS_H
#define CONTENT_BLOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/str.h"

struct blobs;
struct blob_batch; /* files being written: all are published together or none is */
struct blob_file;  /* one of them; lives as long as its batch */

enum { BLOB_HEX = 64 };

/* Opens the store under `root`, makes its folders, removes what a crash left half-written. The caller holds the data
 * folder's lock. Yours: blobs_close. CURB_EINTERNAL. */
int blobs_open(const char *root, struct blobs **ret_blobs);
/* Opens what is there for reading alone: nothing is made or removed. CURB_EINTERNAL. */
int blobs_open_read(const char *root, struct blobs **ret_blobs);
void blobs_close(struct blobs *blobs);

/* True when `sha256` is 64 lower-case hex digits. */
bool blobs_name_ok(struct curb_str sha256);

/* Opens for reading; the descriptor is yours. CURB_ENOTFOUND: no such blob (or no such name); CURB_EUNFIT: something else
 * than a file has its name. */
int blobs_read(const struct blobs *blobs, struct curb_str sha256, int *ret_fd, uint64_t *ret_size);
bool blobs_has(const struct blobs *blobs, struct curb_str sha256);
/* Reads all of a blob. CURB_EUNFIT: its bytes are not those of its name; else as blobs_read. */
int blobs_check(const struct blobs *blobs, struct curb_str sha256);
/* Removes a blob that no row names any more; nothing happens when it is not there. */
void blobs_remove(struct blobs *blobs, struct curb_str sha256);

/* Whoever stores blobs whose rows are still to be written, or reads rows whose blobs are still to be read, keeps all: until
 * the last lets go, blobs_begin_removing says no. Waits while a part of a removal is under way (some hundred milliseconds). */
void blobs_keep(struct blobs *blobs);
void blobs_let_go(struct blobs *blobs);
/* A part of a removal. False: somebody keeps; try again later. After true nobody begins to keep before
 * blobs_end_removing, which the same thread calls soon. */
bool blobs_begin_removing(struct blobs *blobs);
void blobs_end_removing(struct blobs *blobs);
/* When it last got its name (the system's clock, ms), which storing the same bytes again does anew, and its size.
 * CURB_ENOTFOUND, CURB_EINTERNAL. */
int blobs_about(const struct blobs *blobs, struct curb_str sha256, int64_t *ret_named_ms, uint64_t *ret_size);

/* Tells the name of each blob that is there; `one` may remove it. CURB_EINTERNAL. */
int blobs_each(const struct blobs *blobs, void (*one)(void *arg, struct curb_str sha256), void *arg);

/* A file without a name, for what is thrown away; the descriptor is yours. CURB_EINTERNAL, CURB_EFULL. */
int blobs_scratch(struct blobs *blobs, int *ret_fd);

/* A new batch. Yours: blob_batch_drop, published or not. */
struct blob_batch *blob_batch_new(struct blobs *blobs);
/* Forgets the batch; what was not published is removed. NULL is fine. */
void blob_batch_drop(struct blob_batch *batch);

int blob_new(struct blob_batch *batch, struct blob_file **ret_file);
int blob_write(struct blob_file *file, const void *bytes, size_t n);
/* Overwrites bytes that were written already; CURB_EINVAL past the end. */
int blob_patch(struct blob_file *file, uint64_t offset, const void *bytes, size_t n);
/* No more writing; the hash is taken from what the file holds. */
int blob_seal(struct blob_file *file);
/* Of a sealed file. */
struct curb_str blob_sha256(const struct blob_file *file);
uint64_t blob_size(const struct blob_file *file);

/* Makes all sealed files durable and gives them their names. After an error none of the new names can be trusted to be
 * there; what is there is whole. CURB_EFULL, CURB_EINTERNAL. */
int blob_batch_publish(struct blob_batch *batch);

#endif
