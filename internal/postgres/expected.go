package postgres

// Expected at a site (应在) are those who sleep there or are on shift, unless they
// are on leave, and whoever is present, on leave or not: what is seen outweighs
// what was planned. Everything that counts them uses these conditions, at the
// instant @at.

// sleepsSQL: the row of bed under this alias holds and its person is not on leave.
func sleepsSQL(bed string) string { return holdsSQL(bed) + " AND NOT " + onLeaveSQL(bed) }

// worksSQL: the row of shift under this alias holds and its person is not on leave.
func worksSQL(shift string) string { return onShiftSQL(shift) + " AND NOT " + onLeaveSQL(shift) }

// onShiftSQL: the row of shift under this alias holds.
func onShiftSQL(shift string) string {
	return shift + ".valid_from <= @at AND " + shift + ".valid_until > @at"
}

// holdsSQL: a row that is valid from–until, or open, holds.
func holdsSQL(row string) string {
	return row + ".valid_from <= @at AND (" + row + ".valid_until IS NULL OR " + row + ".valid_until > @at)"
}

// onLeaveSQL: the person of a row under this alias is on leave (请假/离场), from the
// row's site or from everywhere.
func onLeaveSQL(row string) string {
	return "EXISTS (SELECT FROM leave l WHERE l.person_id = " + row + ".person_id AND (l.site_id IS NULL OR l.site_id = " + row +
		".site_id) AND " + holdsSQL("l") + ")"
}

// ExpectedOf is what the number of the expected people is made of. Whoever sleeps
// here, works here and is present is in all three, and once in Together.
type ExpectedOf struct {
	Beds     int // who sleep here, on leave or not
	Shifts   int // who are on shift, on leave or not
	Together int // they and who is present, everybody once; without who is away it is the expected number
}

// expectedOfSQL are the columns of ExpectedOf, beside a headcount.
var expectedOfSQL = `,
	(SELECT count(DISTINCT b.person_id) FROM bed b WHERE b.site_id = @site AND ` + holdsSQL("b") + `) AS beds,
	(SELECT count(DISTINCT w.person_id) FROM shift w WHERE w.site_id = @site AND ` + onShiftSQL("w") + `) AS shifts,
	(SELECT count(*) FROM (SELECT person_id FROM present UNION
	    SELECT b.person_id FROM bed b WHERE b.site_id = @site AND ` + holdsSQL("b") + ` UNION
	    SELECT w.person_id FROM shift w WHERE w.site_id = @site AND ` + onShiftSQL("w") + `) e) AS together`
