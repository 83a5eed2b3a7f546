package web

import (
	"io/fs"
	"net/http"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"

	"samspil/internal/actor"
	"samspil/web/absencepages"
	"samspil/web/accesspages"
	"samspil/web/approvalpages"
	"samspil/web/caseframe"
	"samspil/web/caselistpages"
	"samspil/web/casepages"
	"samspil/web/concernpages"
	"samspil/web/contactview"
	"samspil/web/deadlinepages"
	"samspil/web/deadlineview"
	"samspil/web/decisionpages"
	"samspil/web/eventview"
	"samspil/web/forumpages"
	"samspil/web/groundview"
	"samspil/web/guard"
	"samspil/web/guestframe"
	"samspil/web/guestpages"
	"samspil/web/journalpages"
	"samspil/web/link"
	"samspil/web/mandatepages"
	"samspil/web/page"
	"samspil/web/partnerpages"
	"samspil/web/partnerview"
	"samspil/web/planpages"
	"samspil/web/planrulepages"
	"samspil/web/promptpages"
	"samspil/web/pulseview"
	"samspil/web/remindpages"
	"samspil/web/reportframe"
	"samspil/web/riskpages"
	"samspil/web/safetypages"
	"samspil/web/screeningpages"
	"samspil/web/sharingpages"
	"samspil/web/signinpages"
	"samspil/web/sparringpages"
	"samspil/web/startpages"
	"samspil/web/static"
	"samspil/web/stepview"
	"samspil/web/teampages"
	"samspil/web/templatepages"
	"samspil/web/ui"
)

// texts are the words of every package that shows any.
var texts = []fs.FS{
	Texts,
	ui.Texts,
	caseframe.Texts,
	eventview.Texts,
	groundview.Texts,
	partnerview.Texts,
	deadlineview.Texts,
	pulseview.Texts,
	stepview.Texts,
	guestframe.Texts,
	reportframe.Texts,
	contactview.Texts,
	absencepages.Texts,
	accesspages.Texts,
	approvalpages.Texts,
	caselistpages.Texts,
	casepages.Texts,
	concernpages.Texts,
	deadlinepages.Texts,
	decisionpages.Texts,
	forumpages.Texts,
	guestpages.Texts,
	journalpages.Texts,
	mandatepages.Texts,
	partnerpages.Texts,
	planpages.Texts,
	planrulepages.Texts,
	promptpages.Texts,
	remindpages.Texts,
	riskpages.Texts,
	safetypages.Texts,
	screeningpages.Texts,
	sharingpages.Texts,
	signinpages.Texts,
	sparringpages.Texts,
	startpages.Texts,
	teampages.Texts,
	templatepages.Texts,
}

// routes is the whole site. Every route stands in the permission matrix (testdata/routes.csv); one that
// is missing there fails its test.
func (s Site) routes(r chi.Router, sessions *scs.SessionManager) {
	door := signinpages.Handler{DB: s.DB, Desk: s.Desk, Sessions: sessions, ProxyNet: s.ProxyNet}
	start := startpages.Handler{DB: s.DB}
	reminders := remindpages.Handler{DB: s.DB, Desk: s.Desk, Secure: s.Secure, Site: s.Public, ProxyNet: s.ProxyNet}

	// Without a session.
	r.Get("/healthz", healthz)
	r.Get("/readyz", s.readyz)
	reminders.Public(r)
	r.Handle(static.Prefix+"*", cacheable(static.Handler()))
	r.Group(func(r chi.Router) {
		r.Use(sessions.LoadAndSave, maybeSignedIn(sessions))
		door.Public(r)
		start.Public(r)
	})

	// The office.
	r.Group(func(r chi.Router) {
		r.Use(sessions.LoadAndSave, signedIn(sessions))
		r.Get(link.Home, home)
		door.SignedIn(r)
		caselistpages.Handler{DB: s.DB, Keys: s.Keys}.Routes(r)
		concernpages.Handler{DB: s.DB, Keys: s.Keys}.Routes(r)
		start.Routes(r)
		partnerpages.Handler{DB: s.DB}.Routes(r)
		deadlinepages.Handler{DB: s.DB}.Routes(r)
		screeningpages.Handler{DB: s.DB}.AdminRoutes(r)
		planrulepages.Handler{DB: s.DB}.Routes(r)
		teampages.Handler{DB: s.DB}.Routes(r)
		sparringpages.Handler{DB: s.DB, Keys: s.Keys}.Routes(r)
		templatepages.Handler{DB: s.DB}.AdminRoutes(r)
		forumpages.Handler{DB: s.DB, Keys: s.Keys}.Routes(r)
		reminders.Routes(r)
		absencepages.Handler{DB: s.DB}.Routes(r)
	})

	// One case. Loading the session opens it, with its line in the trail, in one round trip.
	r.Route("/sager/{ref}", func(r chi.Router) {
		r.Use(caseframe.Open, sessions.LoadAndSave, signedIn(sessions), page.Only(actor.Caseworker, actor.Specialist, actor.TeamLead))
		casepages.Handler{DB: s.DB, Keys: s.Keys}.CaseRoutes(r)
		journalpages.Handler{DB: s.DB}.CaseRoutes(r)
		planpages.Handler{DB: s.DB}.CaseRoutes(r)
		approvalpages.Handler{DB: s.DB}.CaseRoutes(r)
		templatepages.Handler{DB: s.DB}.CaseRoutes(r)
		partnerpages.Handler{DB: s.DB}.CaseRoutes(r)
		accesspages.Handler{DB: s.DB}.CaseRoutes(r)
		riskpages.Handler{DB: s.DB}.CaseRoutes(r)
		deadlinepages.Handler{DB: s.DB}.CaseRoutes(r)
		screeningpages.Handler{DB: s.DB}.CaseRoutes(r)
		safetypages.Handler{DB: s.DB}.CaseRoutes(r)
		promptpages.Handler{DB: s.DB}.CaseRoutes(r)
		sharingpages.Handler{DB: s.DB, Keys: s.Keys}.CaseRoutes(r)
		decisionpages.Handler{DB: s.DB}.CaseRoutes(r)
		sparringpages.Handler{DB: s.DB, Keys: s.Keys}.CaseRoutes(r)
		forumpages.Handler{DB: s.DB, Keys: s.Keys}.CaseRoutes(r)
		guestpages.Handler{DB: s.DB, Keys: s.Keys}.CaseRoutes(r)
		concernpages.Handler{DB: s.DB, Keys: s.Keys}.CaseRoutes(r)
		mandatepages.Handler{DB: s.DB, Keys: s.Keys}.CaseRoutes(r)
	})

	// Somebody at a partner who has no account: what their link is about. No session of the office is looked at.
	parts, seats := guestpages.Handler{DB: s.DB, Keys: s.Keys}, forumpages.Handler{DB: s.DB, Keys: s.Keys}
	guests := guestframe.Door{DB: s.DB, Desk: s.Desk, Secure: s.Secure, ProxyNet: s.ProxyNet, Pages: map[string]guestframe.Handle{
		"involvement": parts.Show,
		"verify":      parts.ShowDetails,
		"seat":        seats.GuestSeat,
	}}
	r.Route("/g/{token}", func(r chi.Router) {
		guests.Routes(r)
		parts.GuestRoutes(r, guests)
		seats.GuestRoutes(r, guests)
	})

	// One report of concern, opened by the same door.
	r.Route("/underretninger/{ref}", func(r chi.Router) {
		r.Use(reportframe.Open, sessions.LoadAndSave, signedIn(sessions), page.Only(actor.Caseworker, actor.Specialist, actor.TeamLead))
		concernpages.Handler{DB: s.DB, Keys: s.Keys}.ReportRoutes(r)
		screeningpages.Handler{DB: s.DB}.ReportRoutes(r)
	})
}

// home is where each role opens the day.
func home(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, link.StartPage(string(actor.From(r.Context()).Role)), http.StatusSeeOther)
}

// healthz says that the program runs.
func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

// readyz says that the program can do its work: the database answers, and the alarms are waited for. It says no more than
// which of the two is missing.
func (s Site) readyz(w http.ResponseWriter, r *http.Request) {
	if err := s.DB.Ping(r.Context()); err != nil {
		http.Error(w, "database does not answer", http.StatusServiceUnavailable)
		return
	}
	if s.Working != nil && !s.Working(r.Context()) {
		http.Error(w, "background work does not run", http.StatusServiceUnavailable)
		return
	}
	healthz(w, r)
}

// cacheable lets files keep their own Cache-Control: their addresses change with their content.
func cacheable(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		guard.Cacheable(w, "public, max-age=31536000, immutable")
		next.ServeHTTP(w, r)
	})
}
