package e2e_test

var forumPages = []visit{
	{"mette", "/forum"}, {"sara", "/forum/ny"}, {"mette", "/forum/{meeting}"}, {"sara", "/forum/{meeting}"}, {"huseyin", "/forum/{meeting}"}, {"sara", "/forum/{past}"}, {"sara", "/forum/{meeting}/punkter/ny"},
	{"mette", "/forum/{meeting}/punkter/{told}"}, {"sara", "/forum/{meeting}/punkter/{told}"}, {"sara", "/forum/{meeting}/referat"}, {"mette", "/forum/{past}/referat"},
	{"mette", "/sager/{case}/forum"}, {"mette", "/sager/{case}/forum/{told}"}, {"mette", "/sager/{case}/forum/{lasttime}"}, {"jonas", "/sager/{case}/forum/{waits}"}, {"mette", "/sager/{case}/forum/ny/{meeting}"}, {"mette", "/sager/{case}/moede/ny"},
}

var forumPlaces = []place{
	{"{meeting} {past}", `SELECT (SELECT id::text FROM app.forum_meeting WHERE state = 'planned'), (SELECT id::text FROM app.forum_meeting WHERE state = 'held')`},
	{"{told} {waits} {lasttime}", `SELECT (SELECT i.id::text FROM app.forum_item i JOIN app.forum_meeting m ON m.id = i.meeting_id WHERE i.title = 'Sag A' AND m.state = 'planned'), (SELECT id::text FROM app.forum_item WHERE naming = 'named'),
		(SELECT i.id::text FROM app.forum_item i JOIN app.forum_meeting m ON m.id = i.meeting_id WHERE m.state = 'held')`},
}
