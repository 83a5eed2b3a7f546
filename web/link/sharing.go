package link

// Sharing is the register of what has left a case, come in and been refused.
func Sharing(ref string) string { return Case(ref) + "/delinger" }

// Consents are the consents of a case.
func Consents(ref string) string { return Case(ref) + "/samtykker" }

// SafeContact is how the citizen of a case may be reached.
func SafeContact(ref string) string { return Case(ref) + "/sikker-kontakt" }
