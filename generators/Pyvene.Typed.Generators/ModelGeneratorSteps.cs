namespace Pyvene.Typed.Generators;

/// <summary>Names the steps of <see cref="ModelGenerator"/>, by which tests ask why a step ran.</summary>
internal static class ModelGeneratorSteps
{
    /// <summary>The text of a descriptor is taken apart.</summary>
    public const string Read = nameof(Read);

    /// <summary>A descriptor finds what it is like.</summary>
    public const string Chain = nameof(Chain);

    /// <summary>A descriptor is read, with what it is like.</summary>
    public const string Parse = nameof(Parse);

    /// <summary>Which descriptor makes which type, and has which key.</summary>
    public const string Claims = nameof(Claims);

    /// <summary>The types that the program has already are taken away.</summary>
    public const string Settled = nameof(Settled);

    /// <summary>A model is taken from what is settled; code is written from it.</summary>
    public const string Model = nameof(Model);

    /// <summary>The errors are taken from what is settled.</summary>
    public const string Errors = nameof(Errors);
}
