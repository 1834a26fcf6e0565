using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Native;

public sealed class ScalarsTests
{
    [Fact]
    public void NoNumberOfTheLibraryConvertsToAnObjectThatNobodyHolds()
    {
        Assert.Empty(NumbersOf(typeof(Scalars)));
        Assert.Empty(NumbersOf(typeof(Pyvene.Typed.Conformance.Comparison))); // it judges the library's numbers
        Assert.NotEmpty(NumbersOf(typeof(ScalarsTests))); // the tests have some, so the look finds them
    }

    [Fact]
    public void NoNumberIsReadThroughAnObjectThatNobodyHolds()
    {
        Assert.Empty(ReadingsOf(typeof(Scalars)));
        Assert.Empty(ReadingsOf(typeof(Pyvene.Typed.Conformance.Comparison)));
        Assert.Equal(["ToInt16"], ReadingsOf(typeof(ScalarsTests))); // the one below: a freed number ends the process, that of the tests too
    }

    private static short Unheld(Tensor one) => one.ToInt16(); // never called: the look finds it

    [Theory]
    [InlineData(0L)] // 0.0
    [InlineData(long.MinValue)] // -0.0
    [InlineData(0x7ff8000000000000L)] // NaN
    [InlineData(0x7ff0000000000000L)] // infinity
    public void NumberKeepsItsBits(long bits)
    {
        var value = BitConverter.Int64BitsToDouble(bits);
        using var scope = NewDisposeScope();
        Assert.Same(Scalars.Of(0.0), Scalars.Of(0.0)); // kept first: -0.0 equals it
        var filled = zeros(1, ScalarType.Float64).fill_(Scalars.Of(value)).item<double>();
        Assert.Equal(bits, BitConverter.DoubleToInt64Bits(filled));
        Assert.Same(Scalars.Of(value), Scalars.Of(value));
    }

    [Fact]
    public void NumbersHoldWhileGarbageIsCollected()
    {
        var isOver = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            using var filled = torch.ones(4, 4);
            using var diagonal = eye(4, dtype: ScalarType.Bool);
            for (var round = 0; round < 5_000; round++)
            {
                using var scope = NewDisposeScope();
                Assert.Equal(12 * 3 + 4 * 9, filled.masked_fill(diagonal, Scalars.Of(3)).mul(Scalars.Of(3.0)).sum().item<float>());
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            collector.Join();
        }
    }

    [Fact]
    public void ANumberKeepsItsKind()
    {
        using var scope = NewDisposeScope();
        var whole = arange(3, dtype: ScalarType.Int64);

        Assert.Equal(ScalarType.Int64, whole.add(Scalars.Of(1)).dtype);
        Assert.Equal(ScalarType.Float32, whole.add(Scalars.Of(1.0)).dtype);
        Assert.Same(Scalars.Of(0.5f), Scalars.Of(0.5));
        Assert.Equal(ScalarType.Bool, Scalars.Of(true).Type);
    }

    private static List<string> NumbersOf(Type type) => MembersOf(type, MakesANumber);

    // tensor.ToDouble() and its like, and the conversions (double)tensor.
    private static List<string> ReadingsOf(Type type) => MembersOf(type, static (metadata, member) =>
        member.Parent.Kind == HandleKind.TypeReference
        && member.GetKind() == MemberReferenceKind.Method
        && (metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name), metadata.GetString(member.Name)) is var (type, name)
        && ((type == "TensorExtensionMethods" && name.StartsWith("To", StringComparison.Ordinal)) || (type == "Tensor" && name == "op_Explicit")));

    private static List<string> MembersOf(Type type, Func<MetadataReader, MemberReference, bool> isMeant)
    {
        using var file = File.OpenRead(type.Assembly.Location);
        using var assembly = new PEReader(file);
        var metadata = assembly.GetMetadataReader();
        return [.. metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(member => isMeant(metadata, member))
            .Select(member => metadata.GetString(member.Name))];
    }

    // Conversions to TorchSharp's Scalar, operators of tensors that convert inside, and what TorchSharp itself calls with a 1 or a 2 of its own.
    private static bool MakesANumber(MetadataReader metadata, MemberReference member)
    {
        if (member.Parent.Kind != HandleKind.TypeReference || member.GetKind() != MemberReferenceKind.Method)
        {
            return false;
        }

        var (type, name) = (metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name), metadata.GetString(member.Name));
        return (type == "Scalar" && name == "op_Implicit")
            || (type == "Tensor" && name is "op_Addition" or "square")
            || (type == "Tensor" && name.StartsWith("op_", StringComparison.Ordinal) && TakesAPrimitive(metadata.GetBlobReader(member.Signature)));
    }

    private static bool TakesAPrimitive(BlobReader signature)
    {
        signature.ReadSignatureHeader();
        var parameters = signature.ReadCompressedInteger();
        var takes = false;
        for (var index = 0; index <= parameters; index++)
        {
            var isClass = signature.ReadCompressedInteger() is (int)SignatureTypeKind.Class or (int)SignatureTypeKind.ValueType;
            if (isClass) signature.ReadTypeHandle();
            takes |= !isClass && index > 0 && parameters == 2;
        }

        return takes;
    }
}
