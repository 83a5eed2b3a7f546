package link

// Accessibility is the statement on accessibility. It is read without signing in.
const Accessibility = "/tilgaengelighed"
