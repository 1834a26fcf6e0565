using System.Text.Json;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance;

/// <summary>One case: a line of a <c>.jsonl</c> file, or a whole <c>.json</c> file, with the tensors that it names.</summary>
internal sealed class GoldenCase
{
    private readonly Func<string, Tensor> _readTensor;

    /// <summary>Creates a case.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="json">Its fields.</param>
    /// <param name="readTensor">Reads a tensor of the file beside it by name.</param>
    public GoldenCase(string id, JsonElement json, Func<string, Tensor> readTensor)
    {
        Id = id;
        Json = json;
        _readTensor = readTensor;
    }

    /// <summary>The case's id, unique in its file.</summary>
    public string Id { get; }

    /// <summary>The case's fields.</summary>
    public JsonElement Json { get; }

    /// <summary>Returns a field, or null where it is absent or JSON's null.</summary>
    public JsonElement? Field(string name) =>
        Json.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    /// <summary>Returns a field that must be there.</summary>
    /// <exception cref="InvalidDataException">The field is absent or null.</exception>
    public JsonElement Required(string name) =>
        Field(name) ?? throw new InvalidDataException($"case '{Id}' has no field '{name}'");

    /// <summary>Returns the text of a field, or null where it is absent.</summary>
    public string? Text(string name) => Field(name)?.GetString();

    /// <summary>Returns the value of a flag, false where it is absent.</summary>
    public bool Flag(string name) => Field(name)?.GetBoolean() ?? false;

    /// <summary>Returns the case's own tolerance, or the given one where it has none.</summary>
    /// <param name="otherwise">The default of the folder.</param>
    /// <param name="part">The part of the expectation, for cases that state a tolerance a part (<c>{"losses": {"rtol": …}}</c>).</param>
    public Tolerance Tolerance(Tolerance otherwise, string? part = null)
    {
        if (Field("tol") is not { } tol) return otherwise;
        if (part is not null && tol.TryGetProperty(part, out var own)) tol = own;
        return new Tolerance(Number(tol, "rtol", otherwise.Rtol), Number(tol, "atol", otherwise.Atol));
    }

    /// <summary>Whether an element stands for a tensor: <c>{"t": "NAME"}</c>.</summary>
    public static bool IsTensor(JsonElement element) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty("t", out var name) && name.ValueKind is JsonValueKind.String;

    /// <summary>Reads the tensor that an element names onto the device of the cases. It belongs to the current dispose scope.</summary>
    /// <exception cref="InvalidDataException">The element is not <c>{"t": "NAME"}</c>, or no tensor has that name.</exception>
    public Tensor Tensor(JsonElement element) => IsTensor(element)
        ? _readTensor(element.GetProperty("t").GetString()!).to(GoldenDevice.Current)
        : throw new InvalidDataException($"case '{Id}': expected {{\"t\": \"NAME\"}}, found {element.GetRawText()}");

    /// <summary>Reads a number, which may also be written <c>{"f": "inf" | "-inf" | "nan"}</c>.</summary>
    /// <exception cref="InvalidDataException">The element is no number.</exception>
    public static double Number(JsonElement element)
    {
        if (element.ValueKind is JsonValueKind.Number) return element.GetDouble();
        var special = element.ValueKind is JsonValueKind.Object && element.TryGetProperty("f", out var text) ? text.GetString() : null;
        return special switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            "nan" => double.NaN,
            _ => throw new InvalidDataException($"expected a number or {{\"f\": \"inf\" | \"-inf\" | \"nan\"}}, found {element.GetRawText()}"),
        };
    }

    private static double Number(JsonElement tolerance, string name, double otherwise) =>
        tolerance.TryGetProperty(name, out var value) ? Number(value) : otherwise;
}
