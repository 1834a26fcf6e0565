using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Pyvene.Typed.Tests.Checkpoints.Hub;

/// <summary>Takes uploads: files that end in .safetensors or .bin go to the store by their checksum, all others into the commit.</summary>
internal sealed partial class LoopbackHub
{
    private readonly Dictionary<string, SortedDictionary<int, byte[]>> arriving = [];

    /// <summary>What is in the store, by checksum.</summary>
    public Dictionary<string, byte[]> Store { get; } = [];

    /// <summary>The lines of every commit.</summary>
    public List<JsonObject[]> Commits { get; } = [];

    /// <summary>How large the parts of a file are that goes to the store; null = it goes there as a whole.</summary>
    public int? PartSize { get; set; }

    /// <summary>Where the store is, when it is another server.</summary>
    public Uri? StoreAddress { get; set; }

    /// <summary>Whether the repository is there.</summary>
    public bool Exists { get; set; }

    /// <summary>How many bodies are refused before one is taken into the store.</summary>
    public int Refusals { get; set; }

    private void Take(HttpListenerRequest request, HttpListenerResponse response, string path)
    {
        using var buffer = new MemoryStream();
        request.InputStream.CopyTo(buffer);
        var body = buffer.ToArray();
        if (request.HttpMethod == "POST" && request.Headers["Authorization"] != "Bearer secret")
        {
            response.StatusCode = 401;
            return;
        }

        switch (path)
        {
            case "/api/repos/create":
                response.StatusCode = Exists ? 409 : 200;
                Exists = true;
                break;
            case "/api/models/owner/name/preupload/main":
                Answer(
                    response,
                    new JsonObject { ["files"] = new JsonArray([.. Parse(body)["files"]!.AsArray().Select(file => Mode(file!["path"]!.GetValue<string>()))]) });
                break;
            case "/owner/name.git/info/lfs/objects/batch":
                Answer(response, new JsonObject { ["objects"] = new JsonArray(Place(Parse(body)["objects"]![0]!)) });
                break;
            case "/api/models/owner/name/commit/main":
                Commits.Add(
                    [.. Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())]);
                Answer(response, new JsonObject { ["commitOid"] = new string('b', 40) });
                break;
            default:
                Keep(response, path, body);
                break;
        }
    }

    private void Keep(HttpListenerResponse response, string path, byte[] body)
    {
        if (Refusals-- > 0)
        {
            response.StatusCode = 503;
            return;
        }

        // /put/SUM, /put/SUM/PART, /done/SUM, /verify/SUM
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        switch (parts)
        {
            case ["put", var sum]:
                Store[sum] = body;
                break;
            case ["put", var sum, var part]:
                (arriving.TryGetValue(sum, out var pieces) ? pieces : arriving[sum] = [])[int.Parse(part)] = body;
                response.Headers["ETag"] = $"\"part-{part}\"";
                break;
            case ["done", var sum]:
                Assert.Equal(
                    arriving[sum].Keys.Select(part => $"\"part-{part}\""), Parse(body)["parts"]!.AsArray().Select(part => part!["etag"]!.GetValue<string>()));
                Store[sum] = [.. arriving[sum].Values.SelectMany(piece => piece)];
                break;
            case ["verify", var sum]:
                response.StatusCode = Convert.ToHexStringLower(SHA256.HashData(Store[sum])) == sum ? 200 : 422;
                break;
            default:
                response.StatusCode = 404;
                break;
        }
    }

    private JsonObject Place(JsonNode asked)
    {
        var (sum, size) = (asked["oid"]!.GetValue<string>(), asked["size"]!.GetValue<int>());
        var place = new JsonObject { ["oid"] = sum, ["size"] = size };
        if (Store.ContainsKey(sum))
        {
            return place;
        }

        var upload = PartSize is { } length
            ? new JsonObject { ["href"] = $"{Address}done/{sum}", ["header"] = new JsonObject([
                new("chunk_size", $"{length}"),
                .. Enumerable.Range(1, (size + length - 1) / length).Select(part => KeyValuePair.Create($"{part}", (JsonNode?)$"{Address}put/{sum}/{part}")),
            ]) }
            : new JsonObject { ["href"] = $"{StoreAddress ?? Address}put/{sum}" };
        place["actions"] = StoreAddress is null
            ? new JsonObject { ["upload"] = upload, ["verify"] = new JsonObject { ["href"] = $"{Address}verify/{sum}" } }
            : new JsonObject { ["upload"] = upload };
        return place;
    }

    private static JsonObject Mode(string path) => new()
    {
        ["path"] = path,
        ["uploadMode"] = path.EndsWith(".safetensors", StringComparison.Ordinal) || path.EndsWith(".bin", StringComparison.Ordinal) ? "lfs" : "regular",
    };

    private static JsonNode Parse(byte[] body) => JsonNode.Parse(body)!;

    private static void Answer(HttpListenerResponse response, JsonNode body) => response.OutputStream.Write(Encoding.UTF8.GetBytes(body.ToJsonString()));
}
