package link

// Guest is the page of somebody without an account, by the secret of their link.
func Guest(token string) string { return "/g/" + token }
