namespace Pyvene.Typed.Package.Tests;

/// <summary>The tests of the package, one after the other: each starts a build that takes every core.</summary>
[CollectionDefinition(Name)]
public sealed class PackageCollection : ICollectionFixture<PackageFeed>
{
    public const string Name = "package";
}
