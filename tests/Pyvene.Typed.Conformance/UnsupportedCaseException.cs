namespace Pyvene.Typed.Conformance;

/// <summary>Says that the library has no way to run a case yet, as opposed to running it wrongly.</summary>
internal sealed class UnsupportedCaseException(string message) : Exception(message);
