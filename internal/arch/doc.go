// Package arch holds no code, only the tests that keep the shape of the house: who may import whom, that every
// exported name says what it is, that every text exists in every language, and that the migrations go up and down.
package arch
