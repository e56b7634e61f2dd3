#include "curb/service.h"

#include "curb/err.h"
#include "slots.h"

const struct service *services_find(const struct plugins *plugins, const char *name)
{
	for (size_t i = 0; i < plugins->service_count; i++)
		if (strcmp(plugins->services[i].name, name) == 0)
			return &plugins->services[i];
	return NULL;
}

static int add(struct plugins *plugins, const char *name, const struct curb_service_head *api,
               const struct plugin_slot *owner)
{
	const struct service *there = services_find(plugins, name);
	if (there)
		return curb_fail(CURB_ECONFLICT, "the service %s is published already, by %s", name,
		                 there->owner ? there->owner->name : "the core");
	if (!api || api->size < sizeof *api)
		return curb_fail(CURB_EINVAL, "the service %s has no size", name);
	if (plugins->service_count == SERVICES_MAX)
		return curb_fail(CURB_ETOOBIG, "more than %d services", SERVICES_MAX);
	plugins->services[plugins->service_count++] = (struct service){ name, api, owner };
	return 0;
}

int plugins_publish(struct plugins *plugins, const char *name, const struct curb_service_head *api)
{
	return add(plugins, name, api, NULL);
}

const struct curb_service_head *plugins_service(const struct plugins *plugins, const char *name,
                                                uint32_t size)
{
	const struct service *service = services_find(plugins, name);
	return service && service->api->size >= size ? service->api : NULL;
}

void services_withdraw(struct plugins *plugins, const struct plugin_slot *owner)
{
	size_t kept = 0;
	for (size_t i = 0; i < plugins->service_count; i++)
		if (plugins->services[i].owner != owner)
			plugins->services[kept++] = plugins->services[i];
	plugins->service_count = kept;
}

/* The declared name itself: it outlives whatever buffer the plugin called us with. */
static const char *declared(const char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (strcmp(*names, name) == 0)
			return *names;
	return NULL;
}

static struct plugin_slot *slot_of(struct curb_host *host)
{
	CURB_ASSERT(host && host->magic == CURB_HOST_MAGIC && host->slot);
	return host->slot;
}

int curb_publish(struct curb_host *host, const char *name, const struct curb_service_head *api)
{
	struct plugin_slot *slot = slot_of(host);
	const char *known = declared(slot->plugin.provides, name);
	if (!known)
		return curb_fail(CURB_EDENIED, "%s publishes %s, but its provides does not name it",
		                 slot->name, name);
	return add(slot->all, known, api, slot);
}

int curb_service(struct curb_host *host, const char *name, uint32_t size, const void **ret_api)
{
	struct plugin_slot *slot = slot_of(host);
	if (!declared(slot->plugin.needs, name) && !declared(slot->plugin.wants, name))
		return curb_fail(CURB_EDENIED, "%s looks %s up, but neither its needs nor its wants name it",
		                 slot->name, name);
	const struct service *service = services_find(slot->all, name);
	if (!service)
		return curb_fail(CURB_ENOTFOUND, "nobody has published the service %s", name);
	if (service->api->size < size)
		return curb_fail(
			CURB_EABI, "%s needs %u bytes of %s, %s provides %u: %s is too old", slot->name,
			(unsigned)size, name, service->owner ? service->owner->name : "the core",
			(unsigned)service->api->size, service->owner ? service->owner->name : "the core");
	*ret_api = service->api;
	return 0;
}
