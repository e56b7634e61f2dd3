/* The pages of signing in. */
#include "curb/err.h"
#include "entering.h"

struct curb_str signin_safe_back(struct curb_str back)
{
	bool inside = back.len > 0 && back.ptr[0] == '/' &&
	              !(back.len > 1 && (back.ptr[1] == '/' || back.ptr[1] == '\\'));
	for (size_t i = 0; inside && i < back.len; i++)
		inside = (unsigned char)back.ptr[i] > 0x20 && back.ptr[i] != 0x7f;
	return inside ? back : curb_str("/");
}

struct curb_value *signin_model(struct curb_req *req, const struct entering *e, const char *title)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	curb_put_str(model, "title", curb_tr(req, title, NULL));
	curb_put_str(model, "name", e->name);
	curb_put_bool(model, "shared_device", e->shared);
	curb_put_str(model, "back", signin_safe_back(e->back));
	if (e->kept_path.ptr && e->kept.ptr) {
		curb_put_str(model, "kept_path", e->kept_path);
		curb_put_str(model, "kept", e->kept);
	}
	return model;
}

int signin_show(struct curb_req *req, int status, const char *page, struct curb_value *model,
                const char *error)
{
	if (error) {
		struct curb_value *notice = curb_object(curb_req_arena(req));
		curb_put_text(notice, "kind", "error");
		curb_put_text(notice, "text", error);
		curb_put(model, "notice", notice);
	}
	int err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	return err ? err : curb_reply_page(req, status, page, model);
}

int signin_show_first(struct curb_req *req, int status, const struct entering *e, const char *error)
{
	return signin_show(req, status, "signin", signin_model(req, e, CURB_TEXT("Sign in")), error);
}

int signin_show_choose(struct curb_req *req, int status, const struct entering *e, struct curb_str token,
                       const char *field_error)
{
	struct curb_value *model = signin_model(req, e, CURB_TEXT("Choose your own password or PIN"));
	curb_put_str(model, "step", token);
	if (field_error)
		curb_put_text(model, "field_error", field_error);
	return signin_show(req, status, "choose", model, NULL);
}
