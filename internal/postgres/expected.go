package postgres

// Expected at a site (应在) are those who sleep there or are on shift, unless they
// are on leave, and whoever is present, on leave or not: what is seen outweighs
// what was planned. Everything that counts them uses these conditions, at the
// instant @at.

// sleepsSQL: the row of bed under this alias holds and its person is not on leave.
func sleepsSQL(bed string) string { return holdsSQL(bed) + " AND NOT " + onLeaveSQL(bed) }

// worksSQL: the row of shift under this alias holds and its person is not on leave.
func worksSQL(shift string) string {
	return shift + ".valid_from <= @at AND " + shift + ".valid_until > @at AND NOT " + onLeaveSQL(shift)
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
