namespace Pyvene.Typed.Lab.Browser.Tests;

/// <summary>The tests that share one browser.</summary>
[CollectionDefinition(Name)]
public sealed class Chromium : ICollectionFixture<Browser>
{
    /// <summary>What they are called.</summary>
    public const string Name = "Chromium";
}
