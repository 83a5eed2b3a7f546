package e2e_test

// reminderPages are those of reminders, letters and absence.
var reminderPages = []visit{
	{"lone", "/admin/paamindelser"}, {"mette", "/profil/mail"}, {"mette", "/profil/kalender"}, {"mette", "/fravaer"}, {"jonas", "/fravaer"}, {"mette", "/fravaer/ny"}, {"jonas", "/fravaer/ny"},
	{"dennis", "/fravaer/{absence}"}, {"mette", "/fravaer/{absence}"}, {"jonas", "/fravaer/{absence}"},
}

// reminderPlaces: nobody is away in the demo until now.
var reminderPlaces = []place{
	{"{absence}", `INSERT INTO app.absence (id, user_id, stand_in, from_day, to_day, stated_by)
		SELECT gen_random_uuid(), m.id, d.id, current_date - 2, current_date + 5, m.id FROM auth.user_account m, auth.user_account d WHERE m.email LIKE 'mette@%' AND d.email LIKE 'dennis@%' RETURNING id::text`},
}
