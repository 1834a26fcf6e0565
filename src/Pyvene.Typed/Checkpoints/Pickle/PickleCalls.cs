using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Is everything that a pickle may build beside plain values: ordered dictionaries, sizes, storages and tensors, whose bounds are checked
/// here.</summary>
/// <remarks>A name outside this class is refused before anything else happens; there is no way from a name in a file to a type or a method of the
/// program.</remarks>
/// <param name="input">Makes the errors.</param>
/// <param name="find">Returns the storage of a key; <see langword="null"/> when the file has none.</param>
/// <param name="fileLength">The length of the file in bytes.</param>
internal sealed class PickleCalls(PickleInput input, Func<string, StorageKind, long, PickledStorage?> find, long fileLength)
{
    /// <summary>What all tensors together may take, as a multiple of the file and a fixed part: views may overlap or repeat their elements, but a small file
    /// must not ask for all memory. It is above what a deflated checkpoint shrinks to, and leaves room for 32 MiB that are all zeros.</summary>
    private const long ViewFactor = 16, ViewAllowance = 48 << 20;

    /// <summary>How many members may be copied into ordered dictionaries: a list can be named again and again.</summary>
    private const long LargestCopyCount = 8_000_000;

    private long viewed, copied;

    /// <summary>Returns what a name of a pickle stands for: a <see cref="PickleFunction"/> or a <see cref="StorageKind"/>.</summary>
    public object Global(string module, string name) => (module, name) switch
    {
        ("collections", "OrderedDict") => PickleFunction.OrderedDictionary,
        ("torch", "Size") => PickleFunction.Size,
        ("torch._utils", "_rebuild_tensor") => PickleFunction.RebuildTensor,
        ("torch._utils", "_rebuild_tensor_v2") => PickleFunction.RebuildTensorV2,
        ("torch._utils", "_rebuild_parameter") => PickleFunction.RebuildParameter,
        ("torch", _) when StorageKind.All.FirstOrDefault(kind => kind.Name == name) is { } kind => kind,
        _ => throw input.Error($"it asks for '{Excerpt.Of(module)}.{Excerpt.Of(name)}', which is no part of a state dictionary."),
    };

    /// <summary>Returns the storage that a persistent id names: <c>('storage', class, key, location, count)</c>, in the legacy form with a sixth member
    /// None.</summary>
    public PickledStorage Storage(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", StorageKind kind, string key, string, long count, .. var rest] } || rest is not ([] or [null]))
        {
            throw input.Error("a persistent id is not ('storage', class, key, location, count).");
        }

        if (count < 0 || count > long.MaxValue / kind.ElementSize)
        {
            throw input.Error($"storage '{Excerpt.Of(key)}' declares {count} elements, but the file has {fileLength} bytes.");
        }

        return find(key, kind, count) ?? throw input.Error($"the file has no storage '{Excerpt.Of(key)}'.");
    }

    /// <summary>Returns what a call yields.</summary>
    public object Call(PickleFunction function, object?[] arguments) => (function, arguments) switch
    {
        (PickleFunction.OrderedDictionary, []) => new PickleDictionary(isOrdered: true),
        (PickleFunction.OrderedDictionary, [List<object?> pairs]) => Ordered(pairs),
        (PickleFunction.Size, [PickleTuple sizes]) => sizes,
        (PickleFunction.RebuildTensor, [PickledStorage storage, long offset, PickleTuple sizes, PickleTuple strides]) =>
            Tensor(storage, offset, sizes, strides, false),
        (PickleFunction.RebuildTensorV2,
            [PickledStorage storage, long offset, PickleTuple sizes, PickleTuple strides, bool needsGradient, PickleDictionary, .. { Length: < 2 }]) =>
            Tensor(storage, offset, sizes, strides, needsGradient),
        (PickleFunction.RebuildParameter, [PickledTensor data, bool needsGradient, PickleDictionary]) =>
            data with { IsParameter = true, RequiresGradient = needsGradient },
        _ => throw input.Error($"{function} is called with {arguments.Length} arguments that do not fit it."),
    };

    private PickleDictionary Ordered(List<object?> pairs)
    {
        copied += pairs.Count;
        if (copied > LargestCopyCount)
        {
            throw input.Error($"it copies more than {LargestCopyCount} pairs into dictionaries.");
        }

        var dictionary = new PickleDictionary(isOrdered: true);
        foreach (var pair in pairs)
        {
            var (key, value) = pair switch
            {
                PickleTuple { Items: [var first, var second] } => (first, second),
                List<object?> { Count: 2 } list => (list[0], list[1]),
                _ => throw input.Error("an ordered dictionary is made of something that is no pair."),
            };
            if (dictionary.Add(key, value) is { } problem)
            {
                throw input.Error(problem);
            }
        }

        return dictionary;
    }

    private PickledTensor Tensor(PickledStorage storage, long offset, PickleTuple sizes, PickleTuple strides, bool requiresGradient)
    {
        var tensor = new PickledTensor(storage, offset, Lengths(sizes), Lengths(strides), requiresGradient, IsParameter: false);
        if (tensor.Shape.Length != tensor.Strides.Length)
        {
            throw input.Error($"a tensor has {tensor.Shape.Length} sizes but {tensor.Strides.Length} strides.");
        }

        try
        {
            if (!TensorExtent.TryCount(tensor.Shape, out var count))
            {
                throw new OverflowException();
            }

            // Int128 products of two longs do not overflow; the sum of many is checked.
            Int128 reach = offset;
            for (var axis = 0; axis < tensor.Shape.Length; axis++)
            {
                reach = checked(reach + ((Int128)tensor.Shape[axis] - 1) * tensor.Strides[axis]);
            }

            if (offset < 0 || offset > storage.Count || (count > 0 && reach >= storage.Count))
            {
                throw input.Error($"a tensor of shape [{string.Join(", ", tensor.Shape)}], strides [{string.Join(", ", tensor.Strides)}] and offset "
                    + $"{offset} reaches beyond its storage of {storage.Count} elements.");
            }

            // What a view reaches is read beside what it yields.
            var spread = StoredView.IsContiguous(tensor.Shape, tensor.Strides) || count == 0 ? 0 : reach - offset + 1;
            viewed = checked(viewed + (long)((count + spread) * storage.Kind.ElementSize));
        }
        catch (OverflowException)
        {
            throw input.Error($"the sizes [{string.Join(", ", tensor.Shape)}] and strides [{string.Join(", ", tensor.Strides)}] of a tensor overflow.");
        }

        return viewed <= ViewAllowance + ViewFactor * fileLength
            ? tensor
            : throw input.Error($"its tensors would take {viewed} bytes, far more than the {fileLength} of the file.");
    }

    private long[] Lengths(PickleTuple tuple) =>
        tuple.Items.Length <= TensorExtent.MostAxes && tuple.Items.All(item => item is >= 0L)
            ? [.. tuple.Items.Cast<long>()]
            : throw input.Error($"the sizes and strides of a tensor must be at most {TensorExtent.MostAxes} whole numbers from 0.");
}
