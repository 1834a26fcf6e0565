using CsCheck;
using Pyvene.Typed.Native;

namespace Pyvene.Typed.Tests.Native;

public sealed class ElfVersionNeedsTests
{
    private static readonly SymbolVersion[] Marker = [new("marker", "V_3", "V_1")];

    [Fact]
    public void NewerVersionIsAskedForAsTheOlderOne()
    {
        var file = SyntheticElf.Create(("f", "V_1"), ("g", "V_2"), ("marker", "V_3"));

        ElfVersionNeeds.UseOlder(file, SyntheticElf.Library, Marker);

        Assert.Equal([("V_1", 1002u), ("V_2", 1003u), ("V_1", 1002u)], SyntheticElf.Versions(file));
    }

    [Fact]
    public void FileThatDoesNotAskForTheVersionIsUnchanged()
    {
        var file = SyntheticElf.Create(("f", "V_1"), ("g", "V_2"));
        var before = file.ToArray();

        ElfVersionNeeds.UseOlder(file, SyntheticElf.Library, Marker);

        Assert.Equal(before, file);
    }

    [Fact]
    public void SameVersionOfAnotherLibraryIsUnchanged()
    {
        var file = SyntheticElf.Create(("f", "V_1"), ("marker", "V_3"));
        var before = file.ToArray();

        ElfVersionNeeds.UseOlder(file, "libm.so.6", Marker);

        Assert.Equal(before, file);
    }

    [Fact]
    public void VersionThatAnotherSymbolNeedsTooIsRefusedByName()
    {
        var file = SyntheticElf.Create(("f", "V_1"), ("marker", "V_3"), ("stranger", "V_3"));
        var before = file.ToArray();

        var failure = Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.UseOlder(file, SyntheticElf.Library, Marker));

        Assert.Contains("stranger", failure.Message);
        Assert.Equal(before, file);
    }

    [Fact]
    public void OlderVersionThatTheFileDoesNotNameIsRefused()
    {
        var file = SyntheticElf.Create(("g", "V_2"), ("marker", "V_3"));

        var failure = Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.UseOlder(file, SyntheticElf.Library, Marker));

        Assert.Contains("V_1", failure.Message);
    }

    [Fact]
    public void FileThatIsCutOffAnywhereIsRefused()
    {
        var file = SyntheticElf.Create(("f", "V_1"), ("marker", "V_3"));

        for (var length = 0; length < file.Length; length++)
        {
            var cut = file[..length];
            Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.UseOlder(cut, SyntheticElf.Library, Marker));
        }
    }

    [Fact]
    public void GarbledFileIsEitherReadOrRefused()
    {
        var file = SyntheticElf.Create(("f", "V_1"), ("g", "V_2"), ("marker", "V_3"));

        // Any other exception, or a loop that does not end, fails the test.
        Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte).Array[1, 8].Holds(
            changes =>
            {
                var garbled = file.ToArray();
                foreach (var (offset, value) in changes) garbled[offset] = value;
                try
                {
                    ElfVersionNeeds.UseOlder(garbled, SyntheticElf.Library, Marker);
                }
                catch (InvalidDataException)
                {
                }
            },
            iter: 20_000);
    }
}
