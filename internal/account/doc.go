// Package account says who MAY do what, where: users, roles, permissions, the
// Scope that every query of a user's request takes first, sealed personal data
// and keys.
//
// The table of roles is operations.md §5. Rights are permission ∩ place: a role
// gives permissions, a grant ties the role to one place from–until, and Scope is
// the union of the places.
package account
