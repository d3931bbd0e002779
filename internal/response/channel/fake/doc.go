// Package fake is the fake carrier (模拟运营商): the server side of the protocols
// that package channel speaks, with phones, group chats, mailboxes and horns that
// remember what reached them, and people who answer or do not.
//
// A request comes through a Door, meets the door's Conditions (latency, loss,
// outage, limits), is delivered to a Box under its idempotency key, and starts
// what the person behind that box does about it. What happens is pushed back to
// the account's callback address by the provider's own protocol. All of it goes by
// an injected clock; nothing here is stored.
package fake
