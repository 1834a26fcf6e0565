namespace Pyvene.Typed.Descriptors;

/// <summary>Is implemented by the generated class of an architecture, such as <c>Gpt2</c>, which stands for it in types.</summary>
public interface IArchitecture
{
    /// <summary>Gets the architecture's description.</summary>
    static abstract ArchitectureDescriptor Descriptor { get; }
}
