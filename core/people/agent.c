#include "signing.h"

/* The first that is found counts: browsers name those they come from as well. */
static const struct {
	const char *mark, *name;
} browsers[] = { { "MicroMessenger", "WeChat" },
	         { "QQ/", "QQ" },
	         { "MQQBrowser", "QQ Browser" },
	         { "UCBrowser", "UC Browser" },
	         { "HuaweiBrowser", "Huawei Browser" },
	         { "MiuiBrowser", "Mi Browser" },
	         { "Edg", "Edge" },
	         { "OPR/", "Opera" },
	         { "SamsungBrowser", "Samsung Internet" },
	         { "Firefox", "Firefox" },
	         { "Chrome", "Chrome" },
	         { "Safari", "Safari" } },
  systems[] = { { "Android", "Android" }, { "HarmonyOS", "HarmonyOS" }, { "iPhone", "iPhone" },
	        { "iPad", "iPad" },       { "Windows", "Windows" },     { "Mac OS", "Mac" },
	        { "CrOS", "Chromebook" }, { "Linux", "Linux" } };

static bool has(struct curb_str text, const char *word)
{
	return text.ptr && memmem(text.ptr, text.len, word, strlen(word)) != NULL;
}

struct curb_str people_agent(struct curb_tx *tx, struct curb_str user_agent)
{
	const char *browser = NULL, *system = NULL;
	for (size_t i = 0; !browser && i < sizeof browsers / sizeof *browsers; i++)
		if (has(user_agent, browsers[i].mark))
			browser = browsers[i].name;
	for (size_t i = 0; !system && i < sizeof systems / sizeof *systems; i++)
		if (has(user_agent, systems[i].mark))
			system = systems[i].name;
	if (!browser || !system)
		return curb_str(browser ? browser : system);
	return curb_str(curb_printf(curb_tx_arena(tx), "%s, %s", browser, system));
}
