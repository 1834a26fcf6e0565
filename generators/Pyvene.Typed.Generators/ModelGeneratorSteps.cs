namespace Pyvene.Typed.Generators;

/// <summary>Names the steps of <see cref="ModelGenerator"/>, by which tests ask why a step ran.</summary>
internal static class ModelGeneratorSteps
{
    /// <summary>A descriptor is read.</summary>
    public const string Parse = nameof(Parse);

    /// <summary>The model is taken from what was read.</summary>
    public const string Model = nameof(Model);

    /// <summary>The errors are taken from what was read.</summary>
    public const string Errors = nameof(Errors);

    /// <summary>Which descriptor makes which type.</summary>
    public const string Owners = nameof(Owners);

    /// <summary>The model joins the project's options.</summary>
    public const string Source = nameof(Source);
}
