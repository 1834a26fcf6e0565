namespace Pyvene.Typed.Tests.Causal;

/// <summary>What <see cref="Equality"/> compares.</summary>
public enum Symbol
{
    A,
    B,
    C,
}
