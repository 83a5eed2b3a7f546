// Command corpus says how well the leak guard sees. It makes 200 texts that hold a protected fact in disguise and 200 that only come
// near one, the same in every run, and prints how many of each class were found and how often the guard cried wolf.
//
//	go run ./internal/leakguard/corpus
//
// All people, places and numbers are invented.
package main

import (
	"fmt"
	"os"
	"text/tabwriter"

	"samspil/internal/leakguard"
)

func main() {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	all, found := 0, 0
	fmt.Fprintln(out, "class\tfound\tof\trecall")
	for _, r := range recall() {
		fmt.Fprintf(out, "%s\t%d\t%d\t%.0f %%\n", r.class, r.found, r.of, 100*float64(r.found)/float64(r.of))
		all, found = all+r.of, found+r.found
	}
	fmt.Fprintf(out, "all\t%d\t%d\t%.1f %%\n", found, all, 100*float64(found)/float64(all))
	_ = out.Flush()
	clean, wolf := falseAlarms()
	fmt.Printf("\nfalse alarms: %d of %d clean texts\n", len(wolf), clean)
	for _, text := range wolf {
		fmt.Println("  " + text)
	}
	fmt.Println("\nnot looked for, and so not in the corpus: digits written as words, a street without its number, a part of a telephone number,\nletters of another alphabet, misspellings, paraphrase, pictures. Files of tags (HTML, RTF, XML) are not taken, and one with letters\nturned around, as one that could not be read, takes a second person.")
}

// result is how a class of disguises was seen.
type result struct {
	class     string
	found, of int
}

// recall scans the texts with a disguised fact: one is found if the guard names its fact.
func recall() []result {
	guard := leakguard.New(facts)
	var list []result
	for _, t := range disguised() {
		if n := len(list); n == 0 || list[n-1].class != t.class {
			list = append(list, result{class: t.class})
		}
		r := &list[len(list)-1]
		r.of++
		for _, h := range guard.Scan(t.text) {
			if h.Fact == t.fact {
				r.found++
				break
			}
		}
	}
	return list
}

// falseAlarms scans the clean texts, and returns how many there are and those in which something was found.
func falseAlarms() (int, []string) {
	guard, wolf, texts := leakguard.New(facts), []string{}, clean()
	for _, text := range texts {
		if len(guard.Scan(text)) > 0 {
			wolf = append(wolf, text)
		}
	}
	return len(texts), wolf
}
