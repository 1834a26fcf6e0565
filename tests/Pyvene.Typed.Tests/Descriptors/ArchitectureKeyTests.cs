using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tests.Descriptors;

/// <summary>A key tells one architecture, or is refused.</summary>
/// <remarks>Alone: between two registrations the key is known, and a test that goes through the known keys at that moment would meet it.</remarks>
[Collection(nameof(ArchitectureKeyTests))]
[CollectionDefinition(nameof(ArchitectureKeyTests), DisableParallelization = true)]
public sealed class ArchitectureKeyTests
{
    [Fact]
    public void AKeyOfTheLibraryStaysTheLibrarys()
    {
        ArchitectureDescriptor.Register("gpt2", static () => Gpt2.Descriptor with { Key = "other" });
        Assert.True(ArchitectureDescriptor.TryFind("gpt2", out var found));
        Assert.Same(Gpt2.Descriptor, found);
    }

    [Fact]
    public void AKeyThatTwoDescriptorsHaveIsRefusedWhenItIsLookedFor()
    {
        ArchitectureDescriptor.Register("own_twice", static () => Gpt2.Descriptor with { Key = "own_twice" });
        ArchitectureDescriptor.Register("own_twice", static () => Llama.Descriptor with { Key = "own_twice" });
        var error = Assert.Throws<InterventionException>(() => ArchitectureDescriptor.TryFind("own_twice", out _));
        Assert.Contains("both describe an architecture 'own_twice'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("own_twice", ArchitectureDescriptor.KnownKeys);
    }
}
