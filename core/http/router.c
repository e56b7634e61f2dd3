/* Routes as a tree of segments: literals sorted, then one ":name", then one "*rest".
 * A literal wins over a name, a name over the rest; when a branch ends without a route the next is tried.
 */
#include <stdio.h>
#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

enum { METHODS_MAX = 8 };

struct node {
	struct curb_str literal;
	struct node *children; /* sorted by literal once sealed */
	size_t count, room;
	struct node *name, *rest;
	struct route *routes[METHODS_MAX];
	size_t route_count;
};

struct router {
	struct node root;
};

struct router *router_new(void)
{
	return curb_xcalloc(1, sizeof(struct router));
}

static void node_clear(struct node *node)
{
	for (size_t i = 0; i < node->count; i++)
		node_clear(&node->children[i]);
	free(node->children);
	for (size_t i = 0; i < node->route_count; i++)
		free(node->routes[i]);
	struct node *others[] = { node->name, node->rest };
	for (size_t i = 0; i < 2; i++) {
		if (others[i])
			node_clear(others[i]);
		free(others[i]);
	}
}

void router_free(struct router *router)
{
	if (!router)
		return;
	node_clear(&router->root);
	free(router);
}

static struct node *literal_child(struct node *node, struct curb_str literal)
{
	for (size_t i = 0; i < node->count; i++)
		if (curb_str_eq(node->children[i].literal, literal))
			return &node->children[i];
	if (node->count == node->room) {
		node->room = node->room ? node->room * 2 : 4;
		struct node *grown = curb_xcalloc(node->room, sizeof *grown);
		if (node->count)
			memcpy(grown, node->children, node->count * sizeof *grown);
		free(node->children);
		node->children = grown;
	}
	struct node *child = &node->children[node->count++];
	child->literal = literal;
	return child;
}

static struct node *other_child(struct node **slot)
{
	if (!*slot)
		*slot = curb_xcalloc(1, sizeof **slot);
	return *slot;
}

static bool method_known(const char *method)
{
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (method && strcmp(method, methods[i]) == 0)
			return true;
	return false;
}

static int check_row(const struct route *route)
{
	const struct curb_route *row = route->row;
	const char *owner = route->host->owner, *path = row->path ? row->path : "(no path)";
	if (!method_known(row->method))
		return curb_fail(CURB_EINVAL, "route %s of %s: unknown method", path, owner);
	if (row->roles == 0)
		return curb_fail(CURB_EINVAL, "route %s %s of %s names no role", row->method, path, owner);
	if (row->scope == CURB_SCOPE_UNSET || row->scope > CURB_SCOPE_MACHINE)
		return curb_fail(CURB_EINVAL, "route %s %s of %s has no scope", row->method, path, owner);
	if (!row->handle)
		return curb_fail(CURB_EINVAL, "route %s %s of %s has no handler", row->method, path, owner);
	if (row->path == NULL || path[0] != '/')
		return curb_fail(CURB_EINVAL, "route %s of %s: a path starts with /", path, owner);
	if (row->body > CURB_BODY_PARTS || row->lane > CURB_LANE_HEAVY)
		return curb_fail(CURB_EINVAL, "route %s %s of %s: unknown body or lane", row->method, path,
		                 owner);
	if (!body_is_raw(row) && row->body_max > (4 << 20))
		return curb_fail(CURB_EINVAL, "route %s %s of %s: bodies in memory are 4 MB at most",
		                 row->method, path, owner);
	return 0;
}

static int walk(struct node **node, struct route *route)
{
	struct curb_str rest = curb_str_from(curb_str(route->row->path), 1), part;
	size_t names = 0, depth = 0;
	bool last = false;
	while (!last) {
		const char *slash = memchr(rest.ptr, '/', rest.len);
		part = slash ? curb_str_n(rest.ptr, (size_t)(slash - rest.ptr)) : rest;
		last = !slash;
		rest = slash ? curb_str_from(rest, part.len + 1) : rest;
		bool name = part.len > 1 && part.ptr[0] == ':', any = part.len > 1 && part.ptr[0] == '*';
		if (++depth > HTTP_SEGMENTS_MAX || ((name || any) && names == HTTP_PARAMS_MAX) ||
		    (any && !last))
			return curb_fail(CURB_EINVAL, "route %s of %s: too many parts, or * before the end",
			                 route->row->path, route->host->owner);
		if (name || any)
			route->names[names++] = curb_str_from(part, 1);
		*node = name ? other_child(&(*node)->name) :
		        any  ? other_child(&(*node)->rest) :
		               literal_child(*node, part);
	}
	return 0;
}

int router_add(struct router *router, const struct route *route)
{
	int err = check_row(route);
	if (err)
		return err;
	struct route *copy = curb_xcalloc(1, sizeof *copy);
	*copy = *route;
	(void)snprintf(copy->what, sizeof copy->what, "%s %s", route->row->method, route->row->path);
	struct node *node = &router->root;
	err = walk(&node, copy);
	for (size_t i = 0; i < node->route_count && !err; i++)
		if (strcmp(node->routes[i]->row->method, copy->row->method) == 0)
			err = curb_fail(CURB_EINVAL, "route %s %s is there twice: of %s and of %s",
			                copy->row->method, copy->row->path, node->routes[i]->host->owner,
			                copy->host->owner);
	if (!err && node->route_count == METHODS_MAX)
		err = curb_fail(CURB_EINVAL, "route %s has too many methods", copy->row->path);
	if (err)
		free(copy);
	else
		node->routes[node->route_count++] = copy;
	return err;
}

static int compare(struct curb_str a, struct curb_str b)
{
	int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int by_literal(const void *a, const void *b)
{
	return compare(((const struct node *)a)->literal, ((const struct node *)b)->literal);
}

static void seal(struct node *node)
{
	if (node->count)
		qsort(node->children, node->count, sizeof *node->children, by_literal);
	for (size_t i = 0; i < node->count; i++)
		seal(&node->children[i]);
	if (node->name)
		seal(node->name);
}

void router_seal(struct router *router)
{
	seal(&router->root);
}

static void each(const struct node *node, void (*fn)(void *arg, const struct route *route), void *arg)
{
	for (size_t i = 0; i < node->route_count; i++)
		fn(arg, node->routes[i]);
	for (size_t i = 0; i < node->count; i++)
		each(&node->children[i], fn, arg);
	if (node->name)
		each(node->name, fn, arg);
	if (node->rest)
		each(node->rest, fn, arg);
}

void router_each(const struct router *router, void (*fn)(void *arg, const struct route *route), void *arg)
{
	each(&router->root, fn, arg);
}

static const struct node *child_of(const struct node *node, struct curb_str literal)
{
	size_t low = 0, high = node->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare(node->children[middle].literal, literal);
		if (order == 0)
			return &node->children[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

struct search {
	const struct curb_str *segments;
	size_t count;
	struct curb_str *params;
};

static const struct node *find(const struct node *node, const struct search *s, size_t at, size_t params)
{
	if (at == s->count)
		return node->route_count ? node : NULL;
	const struct node *child = child_of(node, s->segments[at]);
	const struct node *found = child ? find(child, s, at + 1, params) : NULL;
	if (!found && node->name && s->segments[at].len > 0) {
		found = find(node->name, s, at + 1, params + 1);
		if (found)
			s->params[params] = s->segments[at];
	}
	if (!found && node->rest) {
		found = node->rest;
		/* The decoded segments lie one behind the other with a slash between. */
		const struct curb_str *end = &s->segments[s->count - 1];
		s->params[params] = curb_str_n(s->segments[at].ptr,
		                               (size_t)(end->ptr + end->len - s->segments[at].ptr));
	}
	return found;
}

static void list_allowed(const struct node *node, char *ret_allow, size_t room)
{
	struct curb_buf list = curb_buf(room - 1);
	bool options = false;
	for (size_t i = 0; i < node->route_count; i++) {
		const char *method = node->routes[i]->row->method;
		curb_buf_printf(&list, "%s%s", method, strcmp(method, "GET") == 0 ? ", HEAD, " : ", ");
		options = options || strcmp(method, "OPTIONS") == 0;
	}
	curb_buf_text(&list, "OPTIONS");
	if (options) /* it was listed already; drop the closing one and its comma */
		list.len -= strlen(", OPTIONS");
	memcpy(ret_allow, list.data, list.len);
	ret_allow[list.len] = '\0';
	curb_buf_free(&list);
}

int router_find(const struct router *router, struct curb_str method, const struct curb_str *segments,
                size_t count, struct route_match *ret_match)
{
	struct search s = { segments, count, ret_match->params };
	const struct node *node = find(&router->root, &s, 0, 0);
	if (!node)
		return curb_fail(CURB_ENOTFOUND, "There is nothing at this address");
	for (size_t i = 0; i < node->route_count; i++)
		if (curb_str_is(method, node->routes[i]->row->method)) {
			ret_match->route = node->routes[i];
			ret_match->allow[0] = '\0';
			return 0;
		}
	ret_match->route = NULL;
	list_allowed(node, ret_match->allow, sizeof ret_match->allow);
	return curb_fail(CURB_EMETHOD, "This address does not take %.*s", (int)method.len, method.ptr);
}
