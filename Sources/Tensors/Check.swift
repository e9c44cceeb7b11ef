/// Asked by long work every now and then, from any thread; throws where that work should end.
package typealias Check = @Sendable () throws -> Void
