package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// axeSource is axe-core 4.14.1, unchanged, under the Mozilla Public License 2.0: see vendor/.
//
//go:embed vendor/axe.min.js
var axeSource string

// Violation is one rule of accessibility that a page breaks.
type Violation struct {
	ID     string `json:"id"`     // axe's name of the rule
	Impact string `json:"impact"` // minor, moderate, serious, critical
	Help   string `json:"help"`   // what the rule wants
	Nodes  []struct {
		HTML    string `json:"html"`
		Target  []any  `json:"target"` // the selector; a list within the list for frames and shadow trees
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// String is the violation for the log of a test.
func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n  %v  %s\n    %s", n.Target, n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n    "))
	}
	return b.String()
}

// axeRun asks for WCAG 2.2 A and AA, and what axe calls best practice.
const axeRun = `axe.run(document, {resultTypes: ['violations'],
	runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
	.then(r => JSON.stringify(r.violations))`

// Axe returns what axe-core finds wrong with the page. It runs in an isolated
// world, so the content security policy of the page stays as it is.
func Axe(ctx context.Context) (found []Violation, err error) {
	err = chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		tree, err := page.GetFrameTree().Do(ctx)
		if err != nil {
			return err
		}
		world, err := page.CreateIsolatedWorld(tree.Frame.ID).WithWorldName("axe").Do(ctx)
		if err != nil {
			return err
		}
		if _, bad, err := runtime.Evaluate(axeSource).WithContextID(world).Do(ctx); err != nil || bad != nil {
			return errors.Join(err, asError(bad))
		}
		res, bad, err := runtime.Evaluate(axeRun).WithContextID(world).WithAwaitPromise(true).WithReturnByValue(true).Do(ctx)
		if err != nil || bad != nil {
			return errors.Join(err, asError(bad))
		}
		var text string
		if err := json.Unmarshal(res.Value, &text); err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), &found)
	}))
	if err != nil {
		return nil, fmt.Errorf("axe: %w", err)
	}
	return found, nil
}

// asError keeps a missing exception a missing error.
func asError(e *runtime.ExceptionDetails) error {
	if e == nil {
		return nil
	}
	return e
}

// CheckAxe fails the test for each violation on the page.
func CheckAxe(t testing.TB, ctx context.Context) {
	t.Helper()
	found, err := Axe(ctx)
	if err != nil {
		t.Error(err)
	}
	for _, v := range found {
		t.Error(v)
	}
}
