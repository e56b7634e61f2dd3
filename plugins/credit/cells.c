/* Models of the components of tables and choices. */
#include "pages.h"

struct curb_value *credit_cell(struct curb_req *req, const char *label, struct curb_str text)
{
	struct curb_value *made = curb_object(curb_req_arena(req));
	curb_put_str(made, "label", curb_tr(req, label, NULL));
	curb_put_str(made, "text", text);
	return made;
}

struct curb_value *credit_head(struct curb_req *req, const char *label, struct curb_str text,
                               const char *href)
{
	struct curb_value *made = credit_cell(req, label, text);
	curb_put_bool(made, "head", true);
	if (href)
		curb_put_text(made, "href", href);
	return made;
}

void credit_put_columns(struct curb_req *req, struct curb_value *model, const char *const *labels)
{
	struct curb_value *columns = curb_array(curb_req_arena(req));
	for (; *labels; labels++) {
		struct curb_value *column = curb_object(curb_req_arena(req));
		curb_put_str(column, "label", curb_tr(req, *labels, NULL));
		curb_push(columns, column);
	}
	curb_put(model, "columns", columns);
}

void credit_option(struct curb_value *options, struct curb_str value, struct curb_str label, bool selected)
{
	struct curb_value *option = curb_object(curb_value_arena(options));
	curb_put_str(option, "value", value);
	curb_put_str(option, "label", label);
	curb_put_bool(option, "selected", selected);
	curb_push(options, option);
}
