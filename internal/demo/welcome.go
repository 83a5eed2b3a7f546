package demo

import (
	"fmt"
	"strings"
)

// Login is somebody to try the demo as.
type Login struct{ Email, Name, Role string }

// Logins are the demo logins worth trying, in the order of a tour.
var Logins = []Login{
	{"mette@ellehoej.test", "Mette", "rådgiver, børn · caseworker, children"},
	{"ida@ellehoej.test", "Ida", "modtagelsen, underretninger · intake desk"},
	{"huseyin@ellehoej.test", "Hüseyin", "rådgiver, voksne · caseworker, adults"},
	{"sara@ellehoej.test", "Sara", "ressourceperson · specialist"},
	{"jonas@ellehoej.test", "Jonas", "teamleder · team lead"},
	{"lone@ellehoej.test", "Lone", "administrator · admin"},
	{"karen@ellehoej.test", "Karen", "logkontrol · auditor"},
	{"dennis@ellehoej.test", "Dennis", "rådgiver, udelukket fra én af Mettes sager · excluded from one of Mette's cases"},
}

// Welcome is what a person reads who has just started the demo.
func Welcome(url string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nSamspil: %s\n\nEllehøj Kommune (opdigtet · invented). Adgangskode · password: %s\n", url, Password)
	for _, l := range Logins {
		fmt.Fprintf(&b, "  %-24s %s\n", l.Email, l.Role)
	}
	b.WriteString("\nCtrl-C stopper · stops\n")
	return b.String()
}
