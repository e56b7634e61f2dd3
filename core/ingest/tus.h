/* Handlers of the upload protocol; rows of the table in import.c. Their state is the struct ingest. */
#ifndef CURB_INGEST_TUS_H
#define CURB_INGEST_TUS_H

struct curb_req;

int tus_options(struct curb_req *req, void *state);
int tus_create(struct curb_req *req, void *state);
int tus_head(struct curb_req *req, void *state);
int tus_patch(struct curb_req *req, void *state);
int tus_delete(struct curb_req *req, void *state);

#endif
